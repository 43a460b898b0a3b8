"""By which way somebody is reached whose page may be closed; phones are rung by what lies above calls."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from cloud.calls.models import Call, Rung
from cloud.devices import commands
from cloud.people.models import Contact
from device.contract.commands import UpdateCall

NEWS_LIFETIME = timedelta(seconds=60)
# What the resident is told, where several are rung: the best news.
_BEST_FIRST = (Rung.Way.PHONE, Rung.Way.PAGE, Rung.Way.WRITTEN, Rung.Way.TRYING)


class Phones(Protocol):
    """What calls need of the phones of contacts; all of it inside the caller's transaction."""

    def with_phone(self, contacts: Collection[int], /) -> set[int]:
        """Those of these contacts whose phone can be rung."""

    def ring(self, call: Call, contact: Contact, /) -> bool:
        """Begins to ring the contact's phones, or to write; False where there is no way."""

    def call_over(self, call: Call, /) -> None:
        """Nothing rings any more."""


_phones: list[Phones] = []


def connect(phones: Phones) -> None:
    """Says where the phones are; done once, at the start."""
    _phones[:] = [phones]


def with_phone(contacts: Collection[int]) -> set[int]:
    """Those of these contacts whose phone can be rung."""
    return _phones[0].with_phone(contacts) if _phones else set()


def ring(call: Call, contact: Contact, *, is_here: bool) -> Rung.Way | None:
    """By which way it rings from now on, also beside an open page; None where there is none."""
    is_tried = bool(_phones) and _phones[0].ring(call, contact)
    if is_here:
        return Rung.Way.PAGE
    return Rung.Way.TRYING if is_tried else None


def found(rung: Rung, way: Rung.Way) -> None:
    """It is known now by which way this contact is reached. Inside the transaction."""
    if rung.way != way:
        Rung.objects.filter(pk=rung.pk).update(way=way)
        tell_device(rung.call)


def tell_device(call: Call) -> None:
    """The screen of the resident who calls says which way it is; an urgent call has words of its own."""
    if call.kind != Call.Kind.RESIDENT or call.state != Call.State.RINGING:
        return
    ways = set(call.rung.filter(outcome=Rung.Outcome.RINGING).values_list("way", flat=True))
    best = next((way for way in _BEST_FIRST if way in ways), None)
    if best:
        news = UpdateCall(call_id=call.pk, way=best.value)  # type: ignore[arg-type]
        commands.issue(call.device, news, by=None, lifetime=NEWS_LIFETIME)


def call_over(call: Call) -> None:
    """No phone rings for it any more."""
    if _phones:
        _phones[0].call_over(call)
