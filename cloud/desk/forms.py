"""What the desk's forms have in common."""

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db.models import Model

M = TypeVar("M", bound=Model)

DAY = "%Y-%m-%d"
CLOCK = "%H:%M"


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


def day_input() -> forms.DateInput:
    """A day, by the browser's own calendar."""
    return forms.DateInput({"type": "date"}, format=DAY)


def clock_input() -> forms.TimeInput:
    """A time of day, by the browser's own clock."""
    return forms.TimeInput({"type": "time"}, format=CLOCK)
