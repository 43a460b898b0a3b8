"""The one-time link to set a password: sent by e-mail, valid for three days (V7)."""

from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from cloud.organisations.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens become invalid with the new password; these also with a newer link or a lock."""

    key_salt = "kotiruutu.account-link"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        made = user.link_made_at.isoformat() if user.link_made_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{made}{user.is_active}"


tokens = LinkTokens()


@dataclass(frozen=True)
class Sent:
    """A link, and the address it was sent to; without an address it has to be handed over."""

    link: str
    address: str


def send_link(user: User, site: str, *, by_owner: bool = False) -> Sent:
    """Create a new link, which replaces the previous one, and e-mail it where possible."""
    user.link_made_at = timezone.now()
    user.save(update_fields=["link_made_at"])
    link = site.rstrip("/") + _path(user)
    try:
        if user.email:
            _mail(user, link, by_owner).send()
            return Sent(link, user.email)
    except (OSError, SMTPException):
        pass  # The requester hands it over, as the page says.
    return Sent(link, "")


def _path(user: User) -> str:
    name = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("organisations:set-password", args=[name, tokens.make_token(user)])


def _mail(user: User, link: str, by_owner: bool) -> EmailMessage:
    with translation.override(user.language):
        if by_owner:
            subject = _("A new password for the care desk")
            words = _("You have asked for a new password. If that was not you, nothing has to be done.")
        elif user.has_usable_password():
            subject = _("A new password for the care desk")
            words = _("Somebody who manages users has asked for a new password for you.")
        else:
            subject = _("Welcome to the care desk")
            words = _("You have been invited to the care desk of %(organisation)s.")
        lines = [
            _("Hello %(name)s,") % {"name": user},
            words % {"organisation": user.organisation},
            _("Choose a password here. The link works once, and for three days:"),
            link,
            _("Your user name is %(name)s.") % {"name": user.username},
        ]
    return EmailMessage(subject, "\n\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [user.email])
