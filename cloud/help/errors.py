"""What can go wrong with telling somebody."""


class Undeliverable(Exception):
    """It has not gone out; the text says why, for the board."""
