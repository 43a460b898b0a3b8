"""General template tags of the desk."""

import logging
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.base import Parser, Token
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

register = template.Library()
log = logging.getLogger(__name__)


class GuardedNode(template.Node):
    """Renders a row, or a placeholder where that fails."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """Render the row; an exception does not break the rest of the page (K21)."""
        depth = len(context.dicts)
        try:
            return self.nodelist.render(context)
        except Exception:
            log.exception("A row cannot be drawn")
            del context.dicts[depth:]
            words = gettext("This entry cannot be shown. Please tell somebody who looks after the desk.")
            return format_html(
                '<li class="unreadable">{}<span class="grow">{}</span></li>', icon("warning"), words
            )


@register.tag
def guarded(parser: Parser, _token: Token) -> GuardedNode:
    """``{% guarded %}<li>…</li>{% endguarded %}`` around each row of a list."""
    nodelist = parser.parse(("endguarded",))
    parser.delete_first_token()
    return GuardedNode(nodelist)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Return a decorative icon from the desk's sprite sheet; a page has up to a hundred."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("desk/icons.svg"),
        name,
    )


@register.filter
def moment(at: datetime) -> str:
    """Format as ``14:02:07``, with the date unless it is today, in the current time zone."""
    local = localtime(at)
    clock = local.strftime("%H:%M:%S")
    is_today = local.date() == localdate(timezone=local.tzinfo)
    return clock if is_today else f"{date_format(local.date(), 'SHORT_DATE_FORMAT')} {clock}"


@register.filter
def is_switch(field: BoundField) -> bool:
    """Return whether a field is rendered as a switch, with its label beside it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(
        field.field.widget, "choices"
    )


@register.filter
def initials(person: Any) -> str:
    """Return up to two initials for a person without a photo."""
    return "".join(name[:1] for name in (person.first_name, person.last_name)).upper()


@register.filter
def may(user: Any, verb: str) -> bool:
    """Check a permission: ``{% if request.user|may:"edit-care" %}``."""
    return bool(user.is_authenticated and user.may(verb))
