"""Steps of a request, for templates."""

from django import template

from cloud.help import words
from cloud.help.models import HelpStep

register = template.Library()


@register.filter
def in_words(step: HelpStep) -> str:
    """One sentence."""
    return words.in_words(step)


@register.filter
def is_bad(step: HelpStep) -> bool:
    """Whether this did not go as it should."""
    return words.is_bad(step)
