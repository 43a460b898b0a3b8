"""Errors that end a link worker."""


class LinkError(Exception):
    """The link worker cannot go on."""
