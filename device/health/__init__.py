"""Liveness of the core, as reported to systemd."""
