"""The TLS trust store: the desk's own authority, whatever the date."""

import ssl
from pathlib import Path

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL (X509_VERIFY_PARAM_set_flags(3)).
_NO_CHECK_TIME = 0x200000


def trust(authority: Path) -> ssl.SSLContext:
    """Return an SSL context that accepts servers with a certificate of the desk's authority, at any time.

    The server's certificate is good for as long as its authority: its dates add nothing to its signature,
    and would lock out a tablet whose clock is wrong.
    """
    context = ssl.create_default_context(cafile=str(authority))
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context
