"""What the desk's forms have in common."""

import re
from datetime import time
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

_TYPED = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?")
DAY = "%Y-%m-%d"
CLOCK = "%H:%M"


def offer(field: forms.Field, rows: QuerySet[Any], nobody: str | None = None) -> None:
    """Gives a choice its rows; ``nobody`` is the word for none of them."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
        field.empty_label = nobody


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
    """A form of one row of the database."""


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
