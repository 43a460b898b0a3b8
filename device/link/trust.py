"""Whom the device believes: its desk's authority, at any time that a clock in doubt may show."""

import ssl
from pathlib import Path

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL.
_NO_CHECK_TIME = 0x200000


def trust(authority: Path, *, check_time: bool) -> ssl.SSLContext:
    """Without ``check_time`` an expired certificate of the desk's own authority is believed too.

    A clock that begins in 1970 would else lock the device out until somebody sets it.
    """
    context = ssl.create_default_context(cafile=str(authority))
    if not check_time:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context
