"""The one-time link to set a password: sent by e-mail, valid for three days (V7).

The link opens the account, so it is nowhere stored: the letter is written at the moment when it is sent.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from cloud.base.addresses import absolute
from cloud.organisations.models import User

WITHOUT_SERVER = "cloud.desk.mail.EmailBackend"


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens become invalid with the new password; these also with a newer link or a lock."""

    key_salt = "kotiruutu.account-link"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        made = user.link_made_at.isoformat() if user.link_made_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{made}{user.is_active}"


tokens = LinkTokens()


class Letter(NamedTuple):
    """What a user is sent; it holds the link."""

    subject: str
    body: str


# Puts a letter to this user in the post; True: the user has asked for it.
Post = Callable[[User, bool], None]
_posts: list[Post] = []


def post_by(post: Post) -> None:
    """Register what carries the letters: sending messages is a matter of an app above."""
    _posts[:] = [post]


def send_link(user: User, *, by_owner: bool = False) -> str:
    """Create a new link, which replaces the previous one, and e-mail it.

    Returns the link where there is no e-mail: somebody has to hand it over.
    """
    link = make_link(user)
    if not user.email or settings.EMAIL_BACKEND == WITHOUT_SERVER:
        return link
    for post in _posts:
        post(user, by_owner)
    return ""


def make_link(user: User) -> str:
    """Create a new link, which replaces the previous one."""
    user.link_made_at = timezone.now()
    user.save(update_fields=["link_made_at"])
    return absolute(_path(user))


def letter_to(user: User, made_at: datetime, *, by_owner: bool) -> Letter | None:
    """Write the letter about the link that was made then; None if it is good for nothing any more."""
    if user.link_made_at != made_at or not user.is_active or user.deactivated_at:
        return None
    return _letter(user, absolute(_path(user)), by_owner)


def _path(user: User) -> str:
    name = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("organisations:set-password", args=[name, tokens.make_token(user)])


def _letter(user: User, link: str, by_owner: bool) -> Letter:
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
    return Letter(subject, "\n\n".join(lines) + "\n")
