"""What keeps a notification about help from being sent."""


class Undeliverable(Exception):
    """The notification could not be sent; the text says why, for the board."""
