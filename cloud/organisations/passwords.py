"""Rejects long passwords that are easy to guess: repetitions, common words, the user's own name (V7)."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cloud.organisations.models import User

FEWEST_DIFFERENT = 5
# The minimum length without the names.
FEWEST_OTHER_LETTERS = 4
SHORTEST_NAME = 3
NORDIC = frozenset({"salasana", "kotiruutu", "lösenord", "losenord", "adgangskode", "kodeord", "hoivakoti"})


class GuessableValidator:
    """For Django's ``AUTH_PASSWORD_VALIDATORS``, beside its own."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords | NORDIC

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ``ValidationError`` with what makes the password easy to guess."""
        plain = password.casefold()
        letters = _letters(plain)
        if len(set(plain)) < FEWEST_DIFFERENT or re.fullmatch(r"(.{1,6}?)\1+", plain):
            raise ValidationError(_("The password repeats itself."), code="repeated")
        if letters in self._common:
            raise ValidationError(_("The password is a common word with signs around it."), code="common")
        if user and len(_without_names(letters, user)) < FEWEST_OTHER_LETTERS <= len(letters):
            raise ValidationError(_("The password is made of your own name."), code="personal")

    def get_help_text(self) -> str:
        """Return the help text of the form field."""
        return _("Not a word that many use, not a name, and nothing that repeats itself.")


def _without_names(letters: str, user: User) -> str:
    organisation = user.organisation.name if user.organisation_id else ""
    words = f"{user.first_name} {user.last_name} {user.username} {organisation}".casefold().split()
    for name in sorted(map(_letters, words), key=len, reverse=True):
        if len(name) >= SHORTEST_NAME:
            letters = letters.replace(name, "")
    return letters


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
