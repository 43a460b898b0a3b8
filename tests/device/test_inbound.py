from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from device.contract import topics
from device.contract.commands import ForcedCall, Ring, StopRemoteView
from device.contract.documents import Elements, View
from device.contract.events import Received
from device.contract.topics import DOWN, Channel
from device.contract.wire import Envelope, seal
from device.inbound import Unanswerable, understand
from device.rules.events import (
    CommandArrived,
    DocumentArrived,
    DocumentRefused,
    EventsReceived,
    InputRefused,
)
from device.rules.now import Now

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MOMENT = Now(wall=NOW, monotonic_s=1.0, trusted=True, id="i")
VIEW = topics.DESIRED["view"]


class Wild(Struct):
    """A body with values of any type in the fields of a view or a command."""

    version: object = 7
    elements: object = None
    kind: object = None


def sealed(body: Struct, channel: Channel, lifetime_s: float | None = None) -> bytes:
    expires_at = NOW + timedelta(seconds=lifetime_s) if lifetime_s is not None else None
    return seal(body, channel.type, sent_at=NOW, expires_at=expires_at)


def refused(payload: bytes) -> DocumentRefused:
    (event,) = understand(VIEW, payload, MOMENT)
    assert isinstance(event, DocumentRefused)
    return event


def test_a_good_view_arrives() -> None:
    """The whole document is parsed."""
    (event,) = understand(VIEW, sealed(View(version=3), VIEW), MOMENT)
    assert event == DocumentArrived(name="view", document=View(version=3))


@pytest.mark.requirement("K1")
def test_a_wrong_field_is_named_by_its_path() -> None:
    """A person at the desk can find it."""
    event = refused(sealed(Wild(elements={"cafe": "yes"}), VIEW))
    assert (event.version, event.path, event.reason) == (7, "elements.cafe", "expected a boolean")


def test_json_that_is_none_is_said_to_be_none() -> None:
    """Malformed JSON has no version."""
    event = refused(b'{"schema": 1, ')
    assert event.version == 0
    assert event.reason.startswith("not valid JSON")


def test_a_schema_of_the_future_is_refused_by_its_number() -> None:
    """Before anything else in it is looked at."""
    payload = sealed(View(version=3), VIEW).replace(b'"schema":1', b'"schema":9')
    assert refused(payload).reason == "unknown schema version 9"


def test_five_megabytes_are_too_large() -> None:
    """The error contains both sizes."""
    assert refused(b" " * 5_000_000).reason == "too large: 5.0 MB, at most 1 MB"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    """A clock without a zone would be wrong."""
    event = refused(sealed(View(version=3, time_zone="Europe/Atlantis"), VIEW))
    assert (event.path, event.reason) == ("time_zone", "unknown time zone 'Europe/Atlantis'")


def test_an_element_of_a_newer_desk_is_left_out_and_reported() -> None:
    """The rest of the view is shown."""
    arrived, refused_part = understand(
        VIEW, sealed(Wild(elements={"clock": True, "radio": True}), VIEW), MOMENT
    )
    assert isinstance(arrived, DocumentArrived)
    assert arrived.document == View(version=7, elements=Elements(clock=True))
    assert refused_part == InputRefused(
        source=VIEW.suffix, path="elements.radio", reason="this version does not know the element"
    )


def test_an_unknown_command_is_answered_failed_unknown() -> None:
    """A newer desk learns that this device is older."""
    (answered,) = understand(topics.COMMAND, sealed(Wild(kind="dance"), topics.COMMAND, 10), MOMENT)
    assert isinstance(answered, Unanswerable)
    assert (answered.answer.stage, answered.answer.reason) == ("failed", "unknown")


def test_an_expired_command_is_not_done() -> None:
    """A call of yesterday does not ring today."""
    (answered,) = understand(topics.COMMAND, sealed(StopRemoteView(), topics.COMMAND, -1), MOMENT)
    assert isinstance(answered, Unanswerable)
    assert answered.answer.stage == "expired"


def test_without_a_trusted_clock_nothing_is_called_expired() -> None:
    """A device that does not know the time cannot say that it is over."""
    unsure = msgspec.structs.replace(MOMENT, trusted=False)
    (event,) = understand(topics.COMMAND, sealed(StopRemoteView(), topics.COMMAND, -1), unsure)
    assert isinstance(event, CommandArrived)


def test_a_command_that_never_expires_is_refused() -> None:
    """A command without a time of expiry is answered as invalid and never carried out."""
    (answered,) = understand(topics.COMMAND, sealed(StopRemoteView(), topics.COMMAND), MOMENT)
    assert isinstance(answered, Unanswerable)
    assert answered.answer.reason == "a command must expire"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"offer": "v" * 64_001}, "offer"),
        ({"offer": ""}, "offer"),
        ({"call_id": "1" * 65}, "call_id"),
        ({"limit_min": 0}, "limit_min"),
        ({"reason": "curiosity"}, "reason"),
        ({"reason_text": ""}, "reason_text"),
        ({"role": "neighbour"}, "role"),
        ({"ice_servers": [{"urls": []}]}, "ice_servers[0].urls"),
        ({"ice_servers": [{"urls": ["stun:a"]}] * 3}, "ice_servers"),
    ],
)
def test_an_invitation_that_cannot_be_used_is_answered_with_the_path(
    wrong: dict[str, object], path: str
) -> None:
    """An oversized description, an unknown reason: the desk gets the field's path."""
    right = ForcedCall(
        call_id="1",
        contact_id="anna",
        name="Anna",
        role="professional",
        reason="alarm",
        reason_text="Ovi on auki",
        offer="v=0",
    )
    body = msgspec.Raw(msgspec.json.encode({**msgspec.to_builtins(right), **wrong}))
    envelope = msgspec.json.decode(sealed(right, topics.COMMAND, 20), type=Envelope)
    payload = msgspec.json.encode(msgspec.structs.replace(envelope, body=body))
    (answered,) = understand(topics.COMMAND, payload, MOMENT)
    assert isinstance(answered, Unanswerable)
    assert answered.answer.stage == "failed"
    assert answered.answer.reason.startswith(f"{path}: ")


def test_an_invitation_that_has_expired_does_not_ring() -> None:
    """The caller has given up."""
    late = Ring(call_id="1", contact_id="anna", name="Anna", offer="v=0")
    (answered,) = understand(topics.COMMAND, sealed(late, topics.COMMAND, -1), MOMENT)
    assert isinstance(answered, Unanswerable)
    assert answered.answer.stage == "expired"


def test_receipts_arrive() -> None:
    """The ids that the desk has committed."""
    (event,) = understand(topics.RECEIVED, sealed(Received(ids=["a", "b"]), topics.RECEIVED), MOMENT)
    assert event == EventsReceived(ids=frozenset({"a", "b"}))


@given(st.sampled_from(DOWN), st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_nothing_that_arrives_stops_the_device(channel: Channel, payload: bytes) -> None:
    """Any bytes on any topic become an event or an answer."""
    (event,) = understand(channel, payload, MOMENT)
    assert isinstance(event, DocumentRefused | InputRefused | Unanswerable)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(DOWN), JSON, JSON)
def test_no_envelope_around_nonsense_stops_the_device(channel: Channel, one: object, other: object) -> None:
    """Well-formed envelopes with bodies of anything."""
    payload = sealed(Wild(version=one, elements=other, kind=one), channel, 10)
    assert understand(channel, payload, MOMENT)
