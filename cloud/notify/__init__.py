"""Hints between the processes of the desk, and their way to the broker."""
