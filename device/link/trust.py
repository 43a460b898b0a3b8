"""The TLS trust store: the desk's authority, even while the clock is in doubt."""

import ssl
from pathlib import Path

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL.
_NO_CHECK_TIME = 0x200000


def trust(authority: Path, *, check_time: bool) -> ssl.SSLContext:
    """Return an SSL context. Without ``check_time`` an expired certificate of the desk's authority is valid.

    A clock that starts in 1970 would otherwise lock the device out until somebody sets it.
    """
    context = ssl.create_default_context(cafile=str(authority))
    if not check_time:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context
