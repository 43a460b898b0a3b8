"""A call between this tablet and Chromium, each measured at its own end: ``python -m tests.bench.calls``."""
