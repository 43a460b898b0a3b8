"""Formats calls on the desk's pages."""

from django import template
from django.utils.translation import gettext as _

from cloud.calls.audit_chain import Broken
from cloud.calls.words import at_desk

register = template.Library()


@register.filter
def outcome(why: str) -> str:
    """Return a call's outcome in a few words."""
    return at_desk(why)


@register.filter
def minutes(seconds: float) -> str:
    """Format seconds as ``2:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@register.filter
def broken(place: Broken) -> str:
    """Describe a broken place of a log."""
    said = {
        "gap": _("%(whose)s: an entry before number %(number)d is missing."),
        "order": _("%(whose)s: entry %(number)d does not follow from the one before."),
        "changed": _("%(whose)s: entry %(number)d was changed."),
        "digest": _("%(whose)s: entry %(number)d came in with a wrong digest."),
        "unlogged": _("%(whose)s: the forced call %(call)s is in no entry."),
    }
    return said[place.why] % {"whose": place.whose, "number": place.number, "call": place.call}
