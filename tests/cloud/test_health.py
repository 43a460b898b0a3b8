"""The health of every device: what does not work, since when, in words; silence is a fault as well."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cloud.devices.models import Device, DeviceFault
from cloud.link.ingest import ingest
from cloud.people.models import EscalationContact
from device.contract import topics
from device.contract.events import SelfTested, WireEvent
from device.contract.vital import Fault, Heartbeat
from device.contract.wire import seal
from tests.cloud.homes import Home, make_device, make_resident

pytestmark = [pytest.mark.requirement("K8"), pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def no_faults_yet(home: Home) -> None:
    """Start without faults, and with a recent heartbeat."""
    DeviceFault.objects.all().delete()
    Device.objects.filter(pk=home.device.pk).update(heard_at=timezone.now())


def page(desk: Client, sort: str = "worst") -> str:
    return " ".join(desk.get(f"/health/rows/?sort={sort}").content.decode().split())


def count(desk: Client) -> str:
    """The count of the menu."""
    return desk.get("/health/count/").content.decode()


def beats(home: Home, found: Iterable[tuple[str, str]] = (), fitted: Iterable[str] = ()) -> None:
    """A heartbeat arrives over the link."""
    body = Heartbeat(
        version="1",
        uptime_s=1,
        clock_trusted=True,
        screen_silent_s=0,
        outbox=0,
        faults=[Fault(part=part, reason=reason) for part, reason in found],
        fitted=list(fitted),
    )
    payload = seal(body, topics.HEARTBEAT.type, sent_at=timezone.now())
    ingest(topics.topic(home.device.pk, topics.HEARTBEAT), payload)


def night_report(home: Home, *found: str, passed: bool = False) -> None:
    """The report of the nightly test arrives over the link."""
    event = WireEvent(
        sequence=DeviceFault.objects.count() + 1,
        boot_id="b",
        monotonic_s=1,
        happened_at=timezone.now(),
        clock_trusted=True,
        what=SelfTested(passed=passed, faults=[Fault(part=part, reason="stuck") for part in found]),
    )
    payload = seal(event, topics.EVENT.type, sent_at=timezone.now())
    ingest(topics.topic(home.device.pk, topics.EVENT), payload)


def was_heard(device: Device, ago_s: float) -> datetime:
    """Set the time of the device's last message."""
    at = timezone.now() - timedelta(seconds=ago_s)
    Device.objects.filter(pk=device.pk).update(heard_at=at)
    return at


def test_a_fault_is_there_from_the_first_heartbeat_that_says_so(desk: Client, home: Home) -> None:
    """Known parts and reasons in the reader's words; counted in the menu."""
    beats(home, [("modem", "no SIM")])
    assert "<strong>Modem</strong> there is no SIM card" in page(desk)
    assert 'data-faulty="1"' in count(desk)


def test_since_is_when_it_was_first_seen(home: Home) -> None:
    """Later heartbeats with the same fault do not make it younger, even if it gets worse."""
    beats(home, [("battery", "at 20 %")])
    first = DeviceFault.objects.get()
    beats(home, [("battery", "at 10 %")])
    again = DeviceFault.objects.get()
    assert (again.since, again.reason) == (first.since, "at 10 %")


def test_what_is_mended_ends_and_comes_back_as_new(home: Home) -> None:
    """A fault that ended stays as history; the next one has a time of its own."""
    beats(home, [("modem", "no network")])
    beats(home)
    beats(home, [("modem", "no network")])
    old, new = DeviceFault.objects.order_by("pk")
    assert old.ended_at
    assert new.ended_at is None
    assert new.since >= old.ended_at


def test_an_unknown_part_and_reason_are_shown_as_they_are(desk: Client, home: Home) -> None:
    """Nothing that a newer device says is left out, and none of it is markup."""
    beats(home, [("flux<b>", "cold & wet")])
    assert "<strong>flux&lt;b&gt;</strong> cold &amp; wet" in page(desk)


def test_one_part_with_two_complaints_is_one_fault(home: Home) -> None:
    """One fault is stored for the component, with both reasons in it."""
    beats(home, [("storage", "full"), ("storage", "slow\0")])
    assert DeviceFault.objects.get().reason == "full; slow\ufffd"


def test_everything_fitted_is_listed(desk: Client, home: Home) -> None:
    """What works is said to work, and since when: it was mended, or came to the desk."""
    beats(home, [("modem", "no network")], fitted=["modem", "speaker"])
    beats(home, fitted=["modem", "speaker"])
    drawn = page(desk)
    assert '<strong>Speaker</strong> <span class="quiet">works since' in drawn
    assert '<strong>Modem</strong> <span class="quiet">works since' in drawn


@pytest.mark.requirement("K2")
def test_three_minutes_without_a_word_are_a_fault(desk: Client, home: Home) -> None:
    """Not before, and with the time of the last word; nothing is then said to work."""
    beats(home, fitted=["speaker"])
    was_heard(home.device, 170)
    assert 'data-faulty="0"' in count(desk)
    at = timezone.localtime(was_heard(home.device, 181))
    assert 'data-faulty="1"' in count(desk)
    assert f"no word from it since {at:%H:%M:%S}" in page(desk).replace("</strong>", "")
    assert "worked when it was last heard" in page(desk)


def test_a_device_that_was_never_heard_is_silent_too(desk: Client, home: Home) -> None:
    """Enrolled, and not a word since."""
    Device.objects.update(heard_at=None, enrolled_at=timezone.now() - timedelta(minutes=4))
    assert "no word from it yet" in page(desk)
    assert 'data-faulty="1"' in count(desk)


def test_a_silence_that_ended_is_remembered(home: Home) -> None:
    """Since when and until when, for those who ask later."""
    at = was_heard(home.device, 600)
    beats(home)
    silence = DeviceFault.objects.get(source="silence")
    assert silence.since == at
    assert silence.ended_at


@pytest.mark.parametrize("use", ["in-stock", "in-repair"])
@pytest.mark.requirement("V9")
def test_a_device_that_is_not_in_use_alarms_nobody(desk: Client, home: Home, use: str) -> None:
    """It is on the page, last, and not in the count."""
    was_heard(home.device, 600)
    Device.objects.update(use=use)
    assert 'data-faulty="0"' in count(desk)
    assert home.device.pk in page(desk)


def test_the_worst_is_first(desk: Client, home: Home) -> None:
    """Silence, then what help depends on, then the rest; or by name."""
    devices = {
        name: make_device(make_resident(home.organisation, name)) for name in ("Aaa", "Bbb", "Ccc", "Ddd")
    }
    Device.objects.update(heard_at=timezone.now())
    was_heard(devices["Ddd"], 600)
    now = timezone.now()
    for name, part in (("Ccc", "modem"), ("Bbb", "photos")):
        DeviceFault(device=devices[name], part=part, since=now).save()
    places = [page(desk).index(f"{name} Virtanen") for name in ("Ddd", "Ccc", "Bbb", "Aaa")]
    assert places == sorted(places)
    places = [page(desk, "name").index(f"{name} Virtanen") for name in ("Aaa", "Bbb", "Ccc", "Ddd")]
    assert places == sorted(places)


def test_the_nightly_test_counts_until_the_next_one(desk: Client, home: Home) -> None:
    """Heartbeats of the day do not end what the night has found; the next night does."""
    night_report(home, "button")
    beats(home)
    assert "found by the nightly self-test" in page(desk)
    assert "stuck: it has been pressed for too long" in page(desk)
    night_report(home, passed=True)
    assert "self-test" not in page(desk)


def test_what_night_and_heartbeat_both_say_is_one_fault(desk: Client, home: Home) -> None:
    """And once the heartbeat is rid of it, only the night still says so."""
    night_report(home, "sound")
    beats(home, [("sound", "the tone was not heard")])
    assert page(desk).count("<strong>Sound</strong>") == 1
    assert "did not hear the test tone" in page(desk)


def test_a_known_complaint_with_details_is_in_the_readers_words(desk: Client, home: Home) -> None:
    """Up to the colon; what follows is the device's."""
    beats(home, [("certificate", "it expires soon: in 12 days"), ("modem", "no mobile network: denied")])
    assert "expires soon: in 12 days" in page(desk)
    assert "no mobile network: denied" in page(desk)


def test_a_test_that_failed_without_a_word_is_a_fault(desk: Client, home: Home) -> None:
    """Not passed is not passed."""
    night_report(home)
    assert "Nightly self-test" in page(desk)


@pytest.mark.requirement("S3")
def test_fewer_than_two_contacts_are_on_the_page(desk: Client, home: Home) -> None:
    """The alarm is not ready until there are two."""
    assert "alarm not ready" in page(desk)
    EscalationContact(resident=home.resident, name="B", office_phone="+3581").save()
    assert "alarm not ready" not in page(desk)


def test_a_revoked_device_is_not_waited_for(desk: Client, home: Home) -> None:
    """What the desk has thrown out is nobody's worry."""
    was_heard(home.device, 600)
    Device.objects.update(certificate_pem="")
    assert 'data-faulty="0"' in count(desk)
    assert home.device.pk not in page(desk)
