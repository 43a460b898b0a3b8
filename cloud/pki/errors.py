"""What the certificate authority refuses, with the HTTP status that says so."""


class AuthorityError(Exception):
    """There is no certificate; the text is for the one who asked."""

    status = 400


class RequestRefused(AuthorityError):
    """A certificate signing request that the desk's authority does not sign."""


class AuthorityMissing(AuthorityError):
    """The desk has no certificate authority yet: ``make_authority`` creates it."""

    status = 503
