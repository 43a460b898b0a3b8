"""The form for sending a picture, a text, or both."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.album.models import LONGEST_WORDS
from cloud.base.forms import PlainForm, file_input, file_of
from cloud.people.models import Resident
from cloud.people.photo import LARGEST_BYTES, MEDIA_TYPES, TOO_LARGE, whole_jpeg


class SendForm(PlainForm, forms.Form):
    """A picture or text for one of the sender's residents."""

    resident = forms.ChoiceField(label=_("To"))
    words = forms.CharField(
        label=_("A few words"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea({"rows": 3})
    )
    picture = forms.FileField(
        label=_("Picture"), required=False, widget=file_input(MEDIA_TYPES, LARGEST_BYTES, TOO_LARGE)
    )

    def __init__(self, residents: list[Resident], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resident"] = forms.ChoiceField(
            label=_("To"), choices=[(str(each.pk), str(each)) for each in residents]
        )

    def clean(self) -> dict[str, Any] | None:
        """Require a picture or a text; ``jpeg`` is the converted picture."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        found = file_of(self.cleaned_data.get("picture"))
        self.cleaned_data["jpeg"] = whole_jpeg(*found) if found else b""
        self.cleaned_data["words"] = " ".join(self.cleaned_data["words"].replace("\0", " ").split())
        if not self.cleaned_data["jpeg"] and not self.cleaned_data["words"]:
            raise ValidationError(_("Choose a picture, or write a few words."))
        return cleaned
