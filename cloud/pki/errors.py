"""Errors of the certificate authority, with their HTTP status."""


class AuthorityError(Exception):
    """No certificate was issued; the text is for the requester."""

    status = 400


class RequestRefused(AuthorityError):
    """A certificate signing request that the authority does not sign."""


class AuthorityMissing(AuthorityError):
    """The desk has no certificate authority yet: ``make_authority`` creates one."""

    status = 503
