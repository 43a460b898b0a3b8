"""Settings of a view by their names: in words, as JSON, and in what two views differ."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from cloud.screens.forms import HOME_AFTER, PRESSES, SLIDE_SHOWS
from cloud.screens.models import ResidentView

Values = dict[str, Any]

_IN_WORDS: dict[str, list[tuple[int, Any]]] = {
    "hang_up_presses": PRESSES,
    "home_after_s": HOME_AFTER,
    "slide_show_after_min": SLIDE_SHOWS,
}


@dataclass(frozen=True)
class Difference:
    """One field of one view: what it is, and what it would be."""

    name: str
    label: str
    before: str
    after: str


def label_of(name: str) -> str:
    """What a setting is called, as a heading."""
    label = str(ResidentView._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def text_of(name: str, value: Any) -> str:
    """A value of a setting, in words."""
    field = ResidentView._meta.get_field(name)
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if name == "text_scale":
        return f"{round(value * 100)} %"
    choices: Any = _IN_WORDS.get(name) or getattr(field, "flatchoices", None) or ()
    return str(dict(choices).get(value, value))


def differences(view: ResidentView, values: Values) -> Iterator[Difference]:
    """What these settings would change in the view."""
    stored = stored_of(view, values)
    for name, value in values.items():
        if stored[name] != value:
            yield Difference(name, label_of(name), text_of(name, stored[name]), text_of(name, value))


def stored_of(view: ResidentView, values: Values) -> Values:
    """The same settings as the view has them."""
    return {name: plain(getattr(view, name)) for name in values}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return f"{value:%H:%M}" if isinstance(value, time) else value


def digest_of(view: ResidentView, values: Values) -> str:
    """By which it is known later whether they have changed."""
    return sha256(json.dumps(stored_of(view, values), sort_keys=True).encode()).hexdigest()[:8]
