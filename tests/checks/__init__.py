"""Checks of ``make check`` that no tool brings: each is run as ``python -m tests.checks.<name>``."""
