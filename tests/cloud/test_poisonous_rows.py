"""Whatever a device or a program has stored: every list of the desk is there, with the row marked (K21)."""

import msgspec
import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from cloud.devices.models import DeviceEvent
from cloud.help.models import HelpRequest
from cloud.link.ingest import ingest
from device.contract import topics
from device.contract.identity import new_id
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K21")
MARK = "This entry cannot be shown."


class Poison:
    """Raises whatever it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name in ("resolve_expression", "as_sql"):
            raise AttributeError(name)
        raise RuntimeError("poison")

    def __str__(self) -> str:
        raise RuntimeError("poison")


def test_a_row_that_cannot_be_drawn_is_a_marked_row() -> None:
    """The rows before and after it are as always, also where it failed within a block of its own."""
    template = Template(
        "{% load desk %}{% for row in rows %}{% guarded %}{% with it=row %}<li>{{ it }}</li>{% endwith %}"
        "{% endguarded %}{% endfor %}{{ after }}"
    )
    drawn = template.render(Context({"rows": ["one", Poison(), "three"], "after": "end"}))
    assert "<li>one</li>" in drawn
    assert "<li>three</li>end" in drawn
    assert drawn.count('class="unreadable"') == 1


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/help/requests/", "cloud.help.models.HelpRequest.waits_since"),
        ("/residents/", "cloud.people.models.Resident.__str__"),
        ("/residents/{resident}/people/", "cloud.people.models.Contact.__str__"),
        ("/health/", "cloud.devices.models.Device.get_use_display"),
        ("/devices/", "cloud.people.models.Resident.__str__"),
    ],
)
def test_every_list_survives_a_row_that_raises(
    desk: Client, home: Home, monkeypatch: pytest.MonkeyPatch, path: str, model: str
) -> None:
    """A page with marked rows instead of an error page."""
    home.device.use = "in-repair"
    home.device.save()

    def raises(*_: object) -> str:
        raise RuntimeError("poison")

    desk.get("/help/")
    monkeypatch.setattr(model, property(raises) if model.endswith("since") else raises)
    page = desk.get(path.format(resident=home.resident.pk))
    assert page.status_code == 200
    assert MARK in page.content.decode()


def said(home: Home, what: dict[str, object]) -> None:
    """The device sends this event, whatever it is."""
    now = timezone.now()
    event = {
        "sequence": 1, "boot_id": "1", "monotonic_s": 1.0, "happened_at": now.isoformat(),
        "clock_trusted": True, "what": what,
    }  # fmt: skip
    envelope = {"schema": 1, "id": new_id(now), "type": "event", "sent_at": now.isoformat(), "body": event}
    topic = topics.topic(home.device.pk, topics.EVENT)
    ingest(topic, msgspec.json.encode(envelope))


@pytest.mark.parametrize("id_", ["ab/cd", "", "a b", "ä", "x" * 65, "../../etc", "a\n"])
def test_a_request_with_an_id_that_is_none_is_heard_all_the_same(desk: Client, home: Home, id_: str) -> None:
    """Help is help: the request is on the board, and its buttons work."""
    HelpRequest.objects.all().delete()
    said(home, {"kind": "help-raised", "help_id": id_, "source": "button"})
    request = HelpRequest.objects.get()
    assert desk.get("/help/").status_code == 200
    desk.post(f"/help/{request.pk}/take/")
    request.refresh_from_db()
    assert request.taken_by == home.user


def test_two_devices_may_use_the_same_id(home: Home, foreign: Home) -> None:
    """Neither takes the other's request away."""
    HelpRequest.objects.all().delete()
    for each in (home, foreign):
        said(each, {"kind": "help-raised", "help_id": "same", "source": "button"})
    assert HelpRequest.objects.count() == 2


def test_a_large_event_of_an_unknown_kind_is_receipted_and_not_stored(home: Home) -> None:
    """The device's outbox goes on, and no device fills the desk."""
    said(home, {"kind": "of-tomorrow", "data": "x" * 20_000})
    said(home, {"kind": "of-tomorrow", "data": "small"})
    large, small = DeviceEvent.objects.filter(device=home.device).order_by("pk")
    assert large.body["left_out_bytes"] > 20_000
    assert small.body["what"]["data"] == "small"
