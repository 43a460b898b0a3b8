"""The escalation as processes of their own: two at once, one of them killed."""

import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from cloud.devices.models import Device
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.people.models import EscalationContact, Resident
from tests.link.desk_process import DeskProcess
from tests.link.waiting import eventually

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.requirement("K3"),
    pytest.mark.requirement("S1"),
]


def help_wanted(resident: Resident, id_: str, ago_s: float) -> None:
    """A request that nobody has answered for so long."""
    device, _ = Device.objects.get_or_create(
        id="aaaaaaaaaaaaaaaa", organisation=resident.organisation, resident=resident
    )
    at = timezone.now() - timedelta(seconds=ago_s)
    HelpRequest.objects.create(
        help_id=id_, organisation=resident.organisation, device=device, resident=resident, raised_at=at
    )
    HelpRequest.objects.filter(help_id=id_).update(received_at=at)


def notified(id_: str) -> list[str]:
    """Return who was notified of this request, in order."""
    return [step.who for step in HelpStep.objects.filter(request__help_id=id_, outcome="sent").order_by("pk")]


def test_two_run_one_is_killed_and_everybody_is_notified_once(
    resident: Resident, desk_command: Callable[..., DeskProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step goes out once from two processes; with one killed the other goes on alone."""
    monkeypatch.setenv("KOTIRUUTU_DESK_MAIL", "console:")
    EscalationContact.objects.create(resident=resident, name="Leena", office_phone="+1", email="l@x.fi")
    Partner.objects.create(organisation=resident.organisation, name="Turva", email="t@x.fi")
    first, second = desk_command("escalate"), desk_command("escalate")
    help_wanted(resident, "one", 200)
    eventually(lambda: notified("one") == ["Leena", "Turva"], "both are notified", 20)
    first.end(signal.SIGKILL)
    help_wanted(resident, "two", 200)
    eventually(lambda: notified("two") == ["Leena", "Turva"], "the other process notifies", 20)
    assert second.end() == 0
    assert (first.said() + second.said()).count("Subject: ") == 4
    assert HelpStep.objects.exclude(round=None).count() == 4
