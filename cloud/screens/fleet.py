"""The fleet: devices, searched, filtered and paged by key at any size (V9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from cloud.base.lists import MOST_WORDS, containing
from cloud.devices.faults import SILENCE
from cloud.devices.models import DesiredDocument, Device, DeviceFault
from cloud.devices.renewal import ends_at
from cloud.organisations.models import User

PAGE = 50
LONGEST = 150
# Sorts after every name; devices without a resident come last.
_LAST = "\U0010fffd"
_NAMES = ("resident__first_name", "resident__last_name", "organisation__name")
STATES = ("well", "faulty", "silent", "retired")


@dataclass(frozen=True)
class Wanted:
    """The search; unknown values are ignored."""

    words: str = ""
    use: str = ""
    ring: str = ""
    state: str = ""
    version: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        """Parse a form or a URL."""

        def field(name: str) -> str:
            return query.get(name, "").replace("\0", "").strip()[:LONGEST]

        def one_of(name: str, known: Any) -> str:
            return field(name) if field(name) in known else ""

        return cls(
            words=field("q"),
            use=one_of("use", Device.Use.values),
            ring=one_of("ring", Device.Ring.values),
            state=one_of("state", STATES),
            version=field("version"),
            after=field("after"),
        )

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters for a URL, without the page."""
        named = {"q": self.words, "use": self.use, "ring": self.ring, "state": self.state}
        return {name: value for name, value in {**named, "version": self.version}.items() if value}


@dataclass(frozen=True)
class Row:
    """One device in the list."""

    device: Device
    faults: int
    is_silent: bool
    documents: list[DesiredDocument]
    certificate_ends_at: datetime | None

    @property
    def version(self) -> str:
        """Return its software version; empty while it is unknown."""
        return str((self.device.heartbeat or {}).get("version", ""))

    @property
    def free_mb(self) -> int | None:
        """Return the free disk space that it reported."""
        free_mb = (self.device.heartbeat or {}).get("free_mb")
        return free_mb if isinstance(free_mb, int) else None

    @property
    def screen(self) -> str:
        """Return the state of its documents: rejected, waiting, or empty."""
        if any(each.rejected_version is not None for each in self.documents):
            return "rejected"
        return "waiting" if any(each.painted_version != each.version for each in self.documents) else ""


def devices(user: User, wanted: Wanted) -> QuerySet[Device]:
    """Return all matching devices of the user's organisations, in the order of the list."""
    rows: QuerySet[Device] = Device.objects.visible_to(user)
    is_retired = Q(retirement__isnull=False, certificate_pem="")
    rows = rows.filter(is_retired) if wanted.state == "retired" else rows.exclude(is_retired)
    for word in wanted.words.split()[:MOST_WORDS]:
        rows = rows.filter(containing(word, *_NAMES) | Q(pk__istartswith=word))
    if wanted.use:
        rows = rows.filter(use=wanted.use)
    if wanted.ring:
        rows = rows.filter(ring=wanted.ring)
    if wanted.version:
        rows = rows.filter(heartbeat__version=wanted.version)
    return _ordered(_in_state(rows, wanted.state))


def page(user: User, wanted: Wanted) -> tuple[list[Row], str]:
    """Return the rows after ``wanted.after``, and the key of the next page; empty on the last one."""
    rows = devices(user, wanted).select_related("resident", "organisation", "retirement")
    last = _ordered(Device.objects.visible_to(user)).filter(pk=wanted.after).first() if wanted.after else None
    if last is not None:
        surname, first_name = last.surname, last.first_name  # type: ignore[attr-defined]
        later = Q(surname__gt=surname) | Q(surname=surname, first_name__gt=first_name)
        rows = rows.filter(later | Q(surname=surname, first_name=first_name, pk__gt=last.pk))
    found = _rows(rows, PAGE + 1)
    return found[:PAGE], found[PAGE - 1].device.pk if found[PAGE:] else ""


def of_device(user: User, device: str) -> list[Row]:
    """Return one device as the list shows it, or nothing if the user may not see it."""
    found = Device.objects.visible_to(user).filter(pk=device)
    return _rows(found.select_related("resident", "organisation", "retirement"), 1)


def _rows(devices: QuerySet[Device], most: int) -> list[Row]:
    open_faults = DeviceFault.objects.filter(ended_at=None)
    documents = DesiredDocument.objects.defer("body")
    devices = devices.prefetch_related(  # type: ignore[type-var]
        Prefetch("faults", open_faults, to_attr="open_faults"),
        Prefetch("documents", documents, to_attr="all_documents"),
    )
    before = timezone.now() - SILENCE
    return [_row(device, before) for device in devices[:most]]


def _ordered(rows: QuerySet[Device]) -> QuerySet[Device]:
    named = rows.annotate(
        surname=Coalesce("resident__last_name", Value(_LAST)),
        first_name=Coalesce("resident__first_name", Value("")),
    )
    return named.order_by("surname", "first_name", "pk")


def _in_state(rows: QuerySet[Device], state: str) -> QuerySet[Device]:
    before = timezone.now() - SILENCE
    silent = Q(heard_at__lte=before) | Q(heard_at=None)
    faulty = Exists(DeviceFault.objects.filter(device=OuterRef("pk"), ended_at=None))
    match state:
        case "silent":
            return rows.filter(silent)
        case "faulty":
            return rows.filter(faulty)
        case "well":
            return rows.exclude(silent).exclude(faulty)
    return rows


def _row(device: Device, before: datetime) -> Row:
    return Row(
        device=device,
        faults=len(device.open_faults),  # type: ignore[attr-defined]
        is_silent=device.heard_at is None or device.heard_at <= before,
        documents=device.all_documents,  # type: ignore[attr-defined]
        certificate_ends_at=ends_at(device),
    )
