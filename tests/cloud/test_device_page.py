"""The device page: what the nurse saves, and what is really on the screen."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from cloud.devices.documents import refresh
from cloud.devices.models import DesiredDocument, Device, DeviceEvent, RejectedInput
from cloud.screens.forms import ELEMENTS
from device.contract.documents import Elements
from tests.cloud.homes import Home, make_home

LOOKS = {
    "language": "sv",
    "time_zone": "Europe/Stockholm",
    "profile": "simple",
    "text_scale": "1.3",
    "colours": "night",
    "night_from": "20:30",
    "night_until": "06:15",
    "hang_up_presses": "2",
    "home_after_s": "60",
    "slide_show_after_min": "0",
}


def save(desk: Client, home: Home, **fields: str) -> str:
    """The page after the view was saved."""
    return desk.post(f"/devices/{home.device.pk}/view/", {**LOOKS, **fields}, follow=True).content.decode()


def state(desk: Client, home: Home) -> str:
    """What the page says of the device now."""
    return " ".join(desk.get(f"/devices/{home.device.pk}/state/").content.decode().split())


def document(home: Home, name: str = "view", **fields: object) -> DesiredDocument:
    """A document of the device, with what the device said of it."""
    refresh(home.device)
    found: DesiredDocument = home.device.documents.get(name=name)
    DesiredDocument.objects.filter(pk=found.pk).update(**fields)
    return found


@pytest.mark.requirement("V1")
def test_the_seven_elements_are_those_of_the_contract() -> None:
    """The page offers what a screen is made of, no more and no less."""
    assert set(ELEMENTS) == set(Elements.__struct_fields__)


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("element", list(ELEMENTS))
def test_each_element_is_shown_by_itself(desk: Client, home: Home, element: str) -> None:
    """One element on: this one is on in the document, and no other."""
    save(desk, home, **{element: "on"})
    elements = home.device.documents.get(name="view").body["elements"]
    assert [name for name, shown in elements.items() if shown] == [element]


@pytest.mark.requirement("V6")
def test_the_look_of_the_screen_is_saved(desk: Client, home: Home) -> None:
    """Language, zone, profile, text and night go out as the nurse chose them."""
    save(desk, home, high_contrast="on", speak_on_touch="on", slide_show_after_min="15")
    body = home.device.documents.get(name="view").body
    assert (body["home_after_s"], body["slide_show_after_min"]) == (60, 15)
    assert (body["language"], body["time_zone"], body["profile"], body["text_scale"]) == (
        "sv", "Europe/Stockholm", "simple", 1.3,
    )  # fmt: skip
    theme = {"mode": "night", "night_from": "20:30", "night_until": "06:15", "high_contrast": True}
    assert body["theme"] == theme
    assert body["speak_on_touch"] is True


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Base"}, {"text_scale": "9"}, {"night_from": "25:00"}, {"language": "de"}]
)
def test_what_no_screen_can_show_is_not_saved(desk: Client, home: Home, wrong: dict[str, str]) -> None:
    """A wrong choice is marked, and no version is made of it."""
    version = document(home).version
    assert (
        "Not saved"
        in desk.post(
            f"/devices/{home.device.pk}/view/", {**LOOKS, **wrong}, HTTP_HX_REQUEST="true"
        ).content.decode()
    )
    assert home.device.documents.get(name="view").version == version


@pytest.mark.requirement("V2", "K1")
def test_painted_is_said_with_time_and_version(desk: Client, home: Home) -> None:
    """The time is that of the resident's clock, not of the desk's."""
    home.resident.view.time_zone = "Europe/Stockholm"
    home.resident.view.save()
    at = datetime(2031, 1, 6, 13, 2, 7, tzinfo=UTC)
    version = document(home, painted_version=1, painted_at=at).version
    assert f"on screen since 6 Jan 2031 14:02:07, version {version}" in state(desk, home)


@pytest.mark.requirement("V2", "K1")
def test_pending_is_said_as_it_is(desk: Client, home: Home) -> None:
    """Without a link: waiting, and what is on the screen until then; with one: on its way, being painted."""
    document(home, version=17, painted_version=16)
    assert "waiting for the device, which is offline; version 17 follows" in state(desk, home)
    assert "version 16 is on the screen until then" in state(desk, home)
    Device.objects.update(online=True)
    assert "version 17 is on its way: waiting for the device" in state(desk, home)
    DesiredDocument.objects.filter(name="view").update(received_version=17)
    assert "version 17 is there and is being painted" in state(desk, home)


@pytest.mark.requirement("V2", "K1")
def test_rejected_is_said_with_the_field_and_what_stays(desk: Client, home: Home) -> None:
    """The nurse reads which field was wrong, why, and which version stays; as text."""
    document(
        home, version=17, painted_version=16, rejected_version=17,
        rejected_path="elements.cafe", rejected_reason="expected a boolean<script>",
    )  # fmt: skip
    page = state(desk, home)
    assert (
        "<code>elements.cafe</code>: expected a boolean&lt;script&gt; — version 16 stays on the screen"
        in page
    )


def test_health_is_shown_in_words(desk: Client, home: Home) -> None:
    """Faults, a lost clock, a silent screen and waiting events are on the page."""
    heartbeat = {
        "version": "0.1", "uptime_s": 9, "clock_trusted": False, "screen_silent_s": 40.2, "outbox": 2,
        "faults": [{"part": "modem", "reason": "no SIM card"}],
    }  # fmt: skip
    Device.objects.update(heartbeat=heartbeat)
    page = state(desk, home)
    for words in ("no SIM card", "does not know the time", "for 40 seconds", "2 events are not yet received"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("help-raised", {}, "asked for help"),
        ("screen-lost", {"reason": "frozen"}, "The screen froze"),
        ("screen-lost", {"reason": "gone"}, "program stopped"),
        ("screen-restored", {"silent_s": 3.4}, "works again after 3 seconds"),
        ("input-rejected", {"source": "desk", "path": "a.b", "reason": "wrong"}, "(desk a.b): wrong"),
        ("remote-view-started", {"by": "Anna"}, "Anna began to look"),
        ("something-100%-new", {}, "something-100%-new"),
    ],
)
def test_events_are_shown_in_words(
    desk: Client, home: Home, kind: str, body: dict[str, object], words: str
) -> None:
    """What a device reports is read out; a kind of tomorrow is shown by its name."""
    at = datetime(2031, 1, 6, tzinfo=UTC)
    DeviceEvent(
        id="018f0000-0000-7000-8000-000000000001", device=home.device, sequence=1, kind=kind,
        body={"kind": kind, **body}, happened_at=at, clock_trusted=True,
    ).save()  # fmt: skip
    assert words in state(desk, home)


def test_what_a_device_sent_wrong_is_shown(desk: Client, home: Home) -> None:
    """Malformed messages of a device are seen at the desk."""
    RejectedInput(device=home.device, channel="up/event", reason="not valid JSON").save()
    assert "(up/event): not valid JSON" in state(desk, home)


def test_unchanged_state_is_not_sent_again(desk: Client, home: Home) -> None:
    """A page that shows the state already gets nothing to draw."""
    digest = desk.get(f"/devices/{home.device.pk}/state/").headers["X-Digest"]
    again = desk.get(f"/devices/{home.device.pk}/state/", HTTP_X_SEEN=digest)
    assert (again.status_code, again.content) == (204, b"")


@pytest.mark.requirement("V9")
def test_a_device_out_of_use_gets_its_use(desk: Client, home: Home) -> None:
    """Its own screen says that it is not in use."""
    desk.post(f"/devices/{home.device.pk}/device/", {"use": "in-repair", "resident": home.resident.pk})
    assert home.device.documents.get(name="policy").body["use"] == "in-repair"


@pytest.mark.requirement("V16")
def test_another_device_takes_over(desk: Client, home: Home) -> None:
    """A device given to a resident fills with what is theirs; its organisation follows."""
    below = make_home("Alla", parent=home.organisation)
    Device.objects.filter(pk=below.device.pk).update(resident=None)
    desk.post(f"/devices/{home.device.pk}/device/", {"use": "in-use", "resident": below.resident.pk})
    home.device.refresh_from_db()
    assert home.device.organisation == below.organisation
    assert home.device.documents.get(name="people").body["resident"]["first_name"] == "Alla"


def test_device_without_a_resident_has_no_view_to_edit(desk: Client, home: Home) -> None:
    """In stock there is nobody whose view could be saved."""
    Device.objects.update(resident=None)
    assert desk.get(f"/devices/{home.device.pk}/").status_code == 200
    assert desk.post(f"/devices/{home.device.pk}/view/", LOOKS).status_code == 404


@pytest.mark.requirement("K8")
def test_a_self_test_can_be_asked_for_and_its_course_is_seen(desk: Client, home: Home) -> None:
    """The press is a command; the page says how it goes, and why not."""
    desk.post(f"/devices/{home.device.pk}/self-test/")
    command = home.device.commands.get()
    assert command.body == {"kind": "self-test"}
    for stage, reason, words in (
        ("", "", "waiting for the device"),
        ("received", "", "is testing itself"),
        ("declined", "the resident is waiting for help", "the resident is waiting for help"),
        ("expired", "", "did not answer"),
        ("done", "", "What it found is on this page"),
    ):
        home.device.commands.update(stage=stage, reason=reason)
        Device.objects.filter(pk=home.device.pk).update(heartbeat={"version": "1"})
        assert words in state(desk, home)


@pytest.mark.requirement("V5")
def test_nobody_tests_a_device_of_another_house(desk: Client, home: Home) -> None:
    """It is not there for them."""
    other = make_home("other").device
    assert desk.post(f"/devices/{other.pk}/self-test/").status_code == 404
    assert not other.commands.exists()
