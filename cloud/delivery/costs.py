"""Costs of messages: segments and cents of every organisation and month (M13)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from cloud.delivery.models import Attempt
from cloud.organisations.models import User

MOST_ROWS = 1000


def by_month(user: User) -> Iterator[dict[str, Any]]:
    """Yield the months, newest first; accepted messages count, delivered or not."""
    sent = Attempt.objects.visible_to(user).filter(is_sent=True)
    rows = sent.annotate(month=TruncMonth("at")).values("month", "delivery__organisation__name", "channel")
    summed = rows.annotate(messages=Count("pk"), all_parts=Sum("parts"), all_cents=Sum("cents"))
    for row in summed.order_by("-month", "delivery__organisation__name", "channel")[:MOST_ROWS]:
        yield {
            "month": row["month"],
            "organisation": row["delivery__organisation__name"],
            "channel": row["channel"],
            "messages": row["messages"],
            "parts": row["all_parts"],
            "euros": row["all_cents"] / 100,
        }
