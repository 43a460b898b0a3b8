"""This kiosk and a page in Chromium, side by side on one display: ``python -m tests.bench.screen``."""
