"""Base classes and fields of the desk's forms."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator, model_to_dict
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from device.contract.errors import Malformed
from device.contract.wire import read

M = TypeVar("M", bound=Model)

_TYPED = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?")
DAY = "%Y-%m-%d"
CLOCK = "%H:%M"


class _ReadOnce(ModelChoiceIterator):  # type: ignore[type-arg]
    """Choices that are read from the database once, though a widget goes through them twice."""

    _choices: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self._choices is None:
            self._choices = list(super().__iter__())
        return iter(self._choices)


def offer(field: forms.Field, rows: QuerySet[Any], nobody: str | None = None) -> None:
    """Set the choices of a field; ``nobody`` is the label of the empty choice."""
    if isinstance(field, forms.ModelChoiceField):
        field.iterator = _ReadOnce
        field.queryset = rows
        field.empty_label = nobody


def saved(form: forms.BaseForm, save: Callable[[], Any], push: Callable[[], None]) -> bool:
    """Return whether the form was valid, is saved and is being sent to the device.

    A document that the device could not use becomes a form error, and nothing is saved.
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
    """Reports a text that is too long instead of letting the browser truncate it silently."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)


class LockingForm(PlainForm):
    """A form with optimistic locking: what another user has changed meanwhile is not overwritten."""

    def seen(self) -> SafeString:
        """Return the hidden field with the digest of the values that the form shows."""
        return format_html(
            '<input type="hidden" name="{}" value="{}">',
            self._seen_name,
            json.dumps(self._digests(self._shown())),
        )

    def clean(self) -> dict[str, Any] | None:
        """Reject a save that would undo another user's change, and name the change."""
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
        return "seen"

    def _shown(self) -> Mapping[str, Any]:
        return self.initial

    def _locked(self) -> Iterable[str]:
        return self.fields

    def _changed_by_others(self) -> list[str]:
        try:
            seen = read(self.data.get(self._seen_name, "{}").encode(errors="replace"), dict[str, str])
        except Malformed:
            return []
        stored = self._digests(self.initial)
        return [name for name in stored if seen.get(name, stored[name]) != stored[name]]

    def _digests(self, values: Mapping[str, Any]) -> dict[str, str]:
        # Passwords are never sent back to the browser.
        shown = [
            name
            for name, field in self.fields.items()
            if getattr(field.widget, "input_type", "") != "password"
        ]
        names = [name for name in self._locked() if name in shown and name in values]
        return {name: sha256(str(values[name]).encode()).hexdigest()[:8] for name in names}

    def _stored(self, name: str) -> str:
        return _in_words(self.initial[name])


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm
else:

    class _ModelForm(forms.ModelForm):
        """Takes the model as a type argument, which Django's own class supports only for type checkers."""

        def __class_getitem__(cls, _model: object) -> type:
            return cls


class RowForm(LockingForm, _ModelForm[M]):
    """A form of one database row; see ``LockingForm``."""

    def seen(self) -> SafeString:
        """Return the hidden field; a new row has none."""
        return super().seen() if self.instance.pk else SafeString("")

    @property
    def _seen_name(self) -> str:
        # A page may have forms of two models.
        return f"seen_{self._meta.model.__name__.lower()}"

    def _shown(self) -> Mapping[str, Any]:
        is_stored = not self.is_bound or bool(self.errors)
        return self.initial if is_stored else model_to_dict(self.instance, self._meta.fields)

    def _locked(self) -> Iterable[str]:
        return self._meta.fields or []

    def _stored(self, name: str) -> str:
        if display := getattr(self.instance, f"get_{name}_display", None):
            return str(display())
        return _in_words(getattr(self.instance, name))


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value not in (None, "") else "–"


def posted(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, Any]] | tuple[None, None]:
    """Return what a form with files was sent, or nothing when the page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def file_input(accept: str, most_bytes: int, too_large: object) -> forms.FileInput:
    """Return a file input that refuses a file that is too large before it is uploaded."""
    return forms.FileInput({"accept": accept, "data-most-bytes": most_bytes, "data-too-large": too_large})


def file_of(upload: object) -> tuple[IO[bytes], int] | None:
    """Return the uploaded file and its size in bytes, or None."""
    if isinstance(upload, UploadedFile) and upload.file is not None:
        return upload.file, upload.size or 0
    return None


def day_input() -> forms.DateInput:
    """Return a date input with the browser's calendar."""
    return forms.DateInput({"type": "date"}, format=DAY)


def clock_input() -> forms.TimeInput:
    """Return a 24-hour time input: a browser's own may show AM and PM to a Finnish nurse."""
    attributes = {"inputmode": "numeric", "placeholder": "--:--", "autocomplete": "off", "class": "clock"}
    return forms.TimeInput(attributes, format=CLOCK)


class ClockField(forms.TimeField):
    """A time of day as people type it: ``9:30``, ``9.30``, ``930``, ``9``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": clock_input(), **kwargs})

    def to_python(self, value: Any) -> time | None:
        """Parse the time. Raises ``ValidationError``."""
        if isinstance(value, str) and (typed := _TYPED.fullmatch(value.strip())):
            value = f"{int(typed[1]):02}:{typed[2] or '00'}"
        return super().to_python(value)
