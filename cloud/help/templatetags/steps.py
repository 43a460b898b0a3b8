"""Template filters of a request's steps."""

from django import template

from cloud.help import words
from cloud.help.models import HelpStep

register = template.Library()


@register.filter
def in_words(step: HelpStep) -> str:
    """Return the step as one sentence."""
    return words.in_words(step)


@register.filter
def is_bad(step: HelpStep) -> bool:
    """Return whether the step failed."""
    return words.is_bad(step)
