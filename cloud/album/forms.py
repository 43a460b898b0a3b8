"""The form for sending a picture, a text, or both."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.album.models import LONGEST_WORDS
from cloud.base.forms import PlainForm
from cloud.people import photo
from cloud.people.models import Resident
from cloud.people.picture_field import PictureField


class SendForm(PlainForm, forms.Form):
    """A picture or text for one of the sender's residents."""

    resident = forms.ChoiceField(label=_("To"))
    words = forms.CharField(
        label=_("A few words"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea({"rows": 3})
    )
    picture = PictureField(photo.whole_jpeg, label=_("Picture"))

    def __init__(self, residents: list[Resident], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resident"] = forms.ChoiceField(
            label=_("To"), choices=[(str(each.pk), str(each)) for each in residents]
        )

    def clean(self) -> dict[str, Any] | None:
        """Require a picture or a text."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.cleaned_data["words"] = " ".join(self.cleaned_data["words"].replace("\0", " ").split())
        if not self.cleaned_data["picture"] and not self.cleaned_data["words"]:
            raise ValidationError(_("Choose a picture, or write a few words."))
        return cleaned
