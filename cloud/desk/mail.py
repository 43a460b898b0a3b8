"""What stands for a mail server where there is none: it says so, instead of swallowing what it is given."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses everything."""

    def send_messages(self, _email_messages: Sequence[EmailMessage]) -> int:
        """Raises ``OSError``, as a server that cannot be reached."""
        raise ConnectionError("no mail server is set up at the desk (KOTIRUUTU_DESK_MAIL)")
