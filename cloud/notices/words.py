"""Renders a template for one recipient."""

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cloud.notices.events import EventType
from cloud.notices.files import link
from cloud.notices.models import Notice, NoticeTemplate

_FIELD = re.compile(r"\{([^{}]*)\}")
_LOCALES = {"fi": "fi", "sv": "sv_FI", "da": "da", "en": "en_GB"}
MOST_LINES = 200


def problems(text: str, event: EventType) -> list[str]:
    """Return the fields that this event type does not have (N1)."""
    return [f"{{{name}}}" for name in _FIELD.findall(text) if name not in event.fields]


def filled(template: NoticeTemplate, notice: Notice, language: str) -> tuple[str, str]:
    """Return subject and body; a value that looks like a field is not replaced."""
    values = _values(notice, language)
    subject, body = template.words(language)
    subject, body = (_FIELD.sub(lambda found: values.get(found[1], ""), text) for text in (subject, body))
    links = [f"{file.name}: {link(file)}" for file in template.files.all()]
    return " ".join(subject.split()) or template.name, "\n".join([body, *links])


def digest(said: Sequence[tuple[str, str]], language: str) -> tuple[str, str]:
    """Return one message that combines several."""
    with translation.override(language):
        subject = _("%(count)d messages: %(first)s") % {"count": len(said), "first": said[0][0]}
        more = _("and %(count)d more") % {"count": len(said) - MOST_LINES}
    lines = [f"- {body}" for _subject, body in said[:MOST_LINES]]
    return subject, "\n".join([*lines, more] if len(said) > MOST_LINES else lines)


def _values(notice: Notice, language: str) -> Mapping[str, str]:
    at = notice.at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return {
        **{name: str(value) for name, value in notice.values.items()},
        "resident": str(notice.resident) if notice.resident else "–",
        "organisation": str(notice.organisation),
        "at": format_datetime(at, "short", locale=_LOCALES.get(language, "fi")),
    }
