"""E-mail by the desk's mail server; what the server refuses for good is not tried again."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage

from cloud.delivery.channel import Handed, NotSent, Outgoing, Report


class MailSession:
    """Each message in a connection of its own."""

    def send(self, outgoing: Outgoing) -> Handed:
        """Returns once the server has taken it. The same message always has the same Message-ID."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
        headers = {"Message-ID": f"<{outgoing.id}@{domain}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            outgoing.subject, outgoing.body, settings.DEFAULT_FROM_EMAIL, [outgoing.address], headers=headers
        )
        try:
            sent = mail.send()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(_words(error), permanent=_is_permanent(error)) from error
        if sent != 1:
            raise NotSent("the mail server took nothing")
        return Handed()

    def poll(self) -> Sequence[Report]:
        """Mail servers report nothing."""
        return ()

    def close(self) -> None:
        """Nothing is open."""


def _is_permanent(error: Exception) -> bool:
    """A refusal with a code of 500 and above, or an address that no mail can have."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{code} {words.decode(errors='replace')}" for code, words in error.recipients.values()
        )
    return str(error) or type(error).__name__
