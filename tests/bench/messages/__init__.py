"""Measures how messages are planned and handed over."""
