"""The form field of a picture from a phone or a computer."""

from collections.abc import Callable
from typing import IO, Any

from django import forms

from cloud.base.forms import file_input, file_of
from cloud.people import photo


class PictureField(forms.FileField):
    """An optional picture; its value is the JPEG that ``to_jpeg`` makes of it, or None."""

    def __init__(self, to_jpeg: Callable[[IO[bytes], int], bytes], **kwargs: Any) -> None:
        self._to_jpeg = to_jpeg
        widget = file_input(photo.MEDIA_TYPES, photo.LARGEST_BYTES, photo.TOO_LARGE)
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """Return the JPEG. Raises ``ValidationError`` with readable text."""
        found = file_of(super().clean(data, initial))
        return self._to_jpeg(*found) if found else None
