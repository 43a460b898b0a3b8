"""The mail backend without a mail server: it raises an error instead of dropping mail silently."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses every e-mail: for a desk without a mail server in its settings."""

    def send_messages(self, _email_messages: Sequence[EmailMessage]) -> int:
        """Raise ``OSError``, as for a server that cannot be reached."""
        raise ConnectionError("no mail server is set up at the desk (KOTIRUUTU_DESK_MAIL)")
