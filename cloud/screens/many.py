"""The same settings for many views at once: which residents' they would change, and how (V1)."""

from collections import Counter
from dataclasses import dataclass

from django.core import signing
from django.db.models import QuerySet

from cloud.organisations.models import Organisation, User
from cloud.screens.models import ResidentView, ScreenGroup
from cloud.screens.view_values import Difference, Values, differences, digest_of, label_of, text_of

MOST_AT_ONCE = 2_000
VALID_S = 900
_SALT = "views of many"


@dataclass(frozen=True)
class Row:
    """A resident whose view would change, and how."""

    view: ResidentView
    differences: list[Difference]


@dataclass(frozen=True)
class Sum:
    """How many views one setting would change."""

    label: str
    after: str
    changes: int


@dataclass(frozen=True)
class Preview:
    """Whom it changes and how; ``token`` does just that."""

    rows: list[Row]
    sums: list[Sum]
    stays: int
    token: str

    @property
    def is_too_many(self) -> bool:
        """Whether it has to be done in parts."""
        return len(self.rows) > MOST_AT_ONCE


@dataclass(frozen=True)
class Order:
    """What a token says: these settings, for these views as the preview showed them."""

    organisation: int
    target: str
    values: Values
    seen: dict[int, str]


def views_of(user: User, target: Organisation | ScreenGroup) -> QuerySet[ResidentView]:
    """The views of an organisation and those below it, or of a group."""
    rows = ResidentView.objects.visible_to(user).filter(
        resident__anonymised_at=None, resident__archived_at=None
    )
    if isinstance(target, ScreenGroup):
        rows = rows.filter(resident__screen_groups=target)
    else:
        rows = rows.filter(resident__organisation__path__startswith=target.path)
    return rows.order_by("resident__last_name", "resident__first_name", "pk")


def preview(user: User, target: Organisation | ScreenGroup, values: Values) -> Preview:
    """Return what the change would do to each screen; nothing is saved."""
    rows, stays = [], 0
    for view in views_of(user, target).select_related("resident__organisation", "resident__device"):
        found = list(differences(view, values))
        if found:
            rows.append(Row(view, found))
        else:
            stays += 1
    counts = Counter(each.name for row in rows for each in row.differences)
    sums = [Sum(label_of(name), text_of(name, value), counts[name]) for name, value in values.items()]
    organisation = target.organisation if isinstance(target, ScreenGroup) else target
    seen = {row.view.pk: digest_of(row.view, values) for row in rows}
    token = signing.dumps(
        [organisation.pk, str(target), values, list(seen.items())], salt=_SALT, compress=True
    )
    return Preview(rows, sums, stays, token)


def order_of(token: str) -> Order:
    """What a preview has shown. Raises ``signing.BadSignature`` for anything else, or too old."""
    organisation, target, values, seen = signing.loads(token, salt=_SALT, max_age=VALID_S)
    return Order(organisation, target, values, {int(pk): digest for pk, digest in seen})
