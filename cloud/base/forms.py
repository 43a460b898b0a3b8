"""What the desk's forms have in common."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import time
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)

_TYPED = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?")
DAY = "%Y-%m-%d"
CLOCK = "%H:%M"


def offer(field: forms.Field, rows: QuerySet[Any], nobody: str | None = None) -> None:
    """Gives a choice its rows; ``nobody`` is the word for none of them."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
        field.empty_label = nobody


def saved(form: forms.BaseForm, save: Callable[[], Any], push: Callable[[], None]) -> bool:
    """Whether the form was right, is saved, and is on its way.

    A document that the device could not use becomes an error of the form, and nothing is saved.
    """
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            save()
            push()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


class PlainForm(forms.BaseForm):
    """Says that a text is too long instead of letting the browser cut it off without a word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm
else:

    class _ModelForm(forms.ModelForm):
        """Takes the model's type, which Django's own class knows only while types are checked."""

        def __class_getitem__(cls, _model: object) -> type:
            return cls


class RowForm(PlainForm, _ModelForm[M]):
    """A form of one row of the database; what somebody else saved meanwhile is not overwritten unseen."""

    def seen(self) -> SafeString:
        """The hidden field that says which values the form was drawn with."""
        if not self.instance.pk:
            return SafeString("")
        is_stored = not self.is_bound or bool(self.errors)
        values = self.initial if is_stored else model_to_dict(self.instance, self._meta.fields)
        return format_html(
            '<input type="hidden" name="{}" value="{}">', self._seen_name, json.dumps(self._digests(values))
        )

    def clean(self) -> dict[str, Any] | None:
        """Refuses what would undo another's change, and says what it is."""
        cleaned = super().clean()
        changed = [name for name in self._changed_by_others() if name in self.changed_data]
        if changed:
            what = "; ".join(f"{self.fields[name].label}: {self._stored(name)}" for name in changed)
            raise forms.ValidationError(
                _(
                    "Somebody else has changed this meanwhile (%(what)s). "
                    "Yours is not saved: look through it, and save once more."
                )
                % {"what": what}
            )
        return cleaned

    @property
    def _seen_name(self) -> str:
        # Two forms of one page are two models'.
        return f"seen_{self._meta.model.__name__.lower()}"

    def _changed_by_others(self) -> list[str]:
        try:
            seen = json.loads(self.data.get(self._seen_name, "{}"))
        except ValueError:
            return []
        stored = self._digests(self.initial)
        return [
            name for name in stored if isinstance(seen, dict) and seen.get(name, stored[name]) != stored[name]
        ]

    def _digests(self, values: Mapping[str, Any]) -> dict[str, str]:
        # What is typed as a password leaves the desk in no form.
        shown = [
            name
            for name, field in self.fields.items()
            if getattr(field.widget, "input_type", "") != "password"
        ]
        names = [name for name in self._meta.fields or [] if name in shown and name in values]
        return {name: sha256(str(values[name]).encode()).hexdigest()[:8] for name in names}

    def _stored(self, name: str) -> str:
        if display := getattr(self.instance, f"get_{name}_display", None):
            return str(display())
        value = getattr(self.instance, name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value) if value not in (None, "") else "–"


def file_input(accept: str, most_bytes: int, too_large: object) -> forms.FileInput:
    """A file from the reader's computer; one that is too large is refused before it is sent."""
    return forms.FileInput({"accept": accept, "data-most-bytes": most_bytes, "data-too-large": too_large})


def file_of(upload: object) -> tuple[IO[bytes], int] | None:
    """What was uploaded and its size in bytes, or None."""
    if isinstance(upload, UploadedFile) and upload.file is not None:
        return upload.file, upload.size or 0
    return None


def day_input() -> forms.DateInput:
    """A day, by the browser's own calendar."""
    return forms.DateInput({"type": "date"}, format=DAY)


def clock_input() -> forms.TimeInput:
    """A time of day by 24 hours: a browser's own clock may say AM and PM to a Finnish nurse."""
    attributes = {"inputmode": "numeric", "placeholder": "--:--", "autocomplete": "off", "class": "clock"}
    return forms.TimeInput(attributes, format=CLOCK)


class ClockField(forms.TimeField):
    """A time of day as people type it: ``9:30``, ``9.30``, ``930``, ``9``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": clock_input(), **kwargs})

    def to_python(self, value: Any) -> time | None:
        """The time, or ``ValidationError``."""
        if isinstance(value, str) and (typed := _TYPED.fullmatch(value.strip())):
            value = f"{int(typed[1]):02}:{typed[2] or '00'}"
        return super().to_python(value)
