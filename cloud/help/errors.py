"""Errors of notifications."""


class Undeliverable(Exception):
    """The notification could not be sent; the text says why, for the board."""
