"""E-mail over the desk's mail server; permanent refusals are not retried."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage

from cloud.delivery.channel import Handed, NotSent, Outgoing, Report


class MailSession:
    """Sends each message over a connection of its own."""

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message, with the same Message-ID in every attempt."""
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
        """Return nothing: mail servers send no reports."""
        return ()

    def close(self) -> None:
        """Do nothing: no connection is open."""


def _is_permanent(error: Exception) -> bool:
    """Return whether the error is a 5xx code or an invalid address."""
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
