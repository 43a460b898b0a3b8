"""A remote view: press, watch, touch, leave; over a real broker, as a browser does it."""

import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import msgspec
import pytest
from django.test import Client

from cloud.devices import documents, remote_view
from cloud.devices.models import Device, DeviceCommand, RejectedInput
from cloud.link.worker import Worker
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from cloud.people.models import CareSettings, Resident
from device.contract import topics
from device.contract.commands import Command, StartRemoteView, StopRemoteView, Tap
from device.contract.vital import RemoteViewFrame
from device.contract.wire import Envelope
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Tablet
from tests.link.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

SEND_EACH_S = 0.1
JPEG = b"\xff\xd8 a picture"


@dataclass
class Browser:
    """A nurse's browser, signed in."""

    http: httpx.Client
    token: str

    def post(self, path: str, **options: object) -> httpx.Response:
        """With the page's own token against forgery."""
        headers = {"X-CSRFToken": self.token, "Referer": str(self.http.base_url)}
        return self.http.post(path, headers=headers, **options)  # type: ignore[arg-type]

    def press_view(self, device: str) -> str:
        """The address of the stream."""
        return str(self.post(f"/devices/{device}/remote-view/start/").json()["stream"])


@pytest.fixture(autouse=True)
def _broker_first(broker: BrokerProcess) -> None:
    """It is there until the desk has ended, which sends change notifications to the last."""


@pytest.fixture
def care(resident: Resident) -> CareSettings:
    """Looking is allowed, and touching too."""
    return CareSettings.objects.create(
        resident=resident, remote_view_allowed=True, remote_view_may_touch=True
    )


@pytest.fixture
def browser(desk_addresses: DeskAddresses, organisation: Organisation) -> Iterator[Browser]:
    """Start a browser with Anna's session."""
    anna = User.objects.create(
        username="anna", first_name="Anna", organisation=organisation, language="en", email="a@b.fi"
    )
    anna.give([Role.NURSE], organisation)
    made = _browser(desk_addresses, anna)
    yield made
    made.http.close()


def test_a_nurse_sees_the_screen_and_touches_it(
    care: CareSettings, browser: Browser, worker: Worker, tablet: Tablet
) -> None:
    """The device gets the viewer's name; its pictures arrive unchanged; a touch reaches it in time."""
    tablet.appear()
    with browser.http.stream("GET", browser.press_view(tablet.id)) as stream:
        packets = _packets(stream)
        started = tablet.hear(topics.COMMAND)
        assert _command(started) == StartRemoteView(by="Anna", seconds=30)
        _send_pictures_until(tablet, packets)
        answer = browser.post(f"/devices/{tablet.id}/remote-view/tap/", json={"x": 0.25, "y": 1.5})
        assert answer.status_code == 204
        touch = tablet.hear(topics.COMMAND, lambda each: isinstance(_command(each), Tap))
        assert _command(touch) == Tap(x=0.25, y=1.0)
        assert touch.expires_at is not None
        assert (touch.expires_at - touch.sent_at).total_seconds() == pytest.approx(2, abs=0.1)
    tablet.hear(topics.COMMAND, lambda each: isinstance(_command(each), StopRemoteView))


def test_looking_goes_on_while_the_page_is_open(
    care: CareSettings, browser: Browser, worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renewed until the page is left, and then ended at once."""
    monkeypatch.setattr(remote_view, "RENEW_S", 0.2)
    monkeypatch.setattr(remote_view, "ASK_S", 0.05)
    with browser.http.stream("GET", browser.press_view(tablet.id)):
        eventually(lambda: len(_kinds(tablet.id, "start-remote-view")) >= 3, "renewed")
    eventually(lambda: _kinds(tablet.id, "stop-remote-view"), "ended")
    commands = DeviceCommand.objects.filter(device=tablet.id, body__kind__endswith="remote-view")
    assert commands.latest("issued_at").body["kind"] == "stop-remote-view"


def test_a_device_that_does_not_show_its_screen_says_why(
    care: CareSettings, browser: Browser, worker: Worker, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not connected, no answer, refused: each in the nurse's words, in the place of the picture."""
    monkeypatch.setattr(remote_view, "ASK_S", 0.05)
    monkeypatch.setattr(remote_view, "FIRST_SILENCE_S", 0.5)
    eventually(lambda: Device.objects.get().online, "it is there")
    tablet.appear(online=False)
    eventually(lambda: not Device.objects.get().online, "it is away")
    with browser.http.stream("GET", browser.press_view(tablet.id)) as stream:
        packets = _packets(stream)
        assert next(packets) == (b"W", b"The device is not connected. The picture comes when it is back.")
        tablet.appear()
        seen = [next(packets)[1], next(packets)[1]]
        assert seen[-1] == b"The device does not answer."
        tablet.answer(tablet.hear(topics.COMMAND), "declined", "a call is going on")
        assert next(packets)[1] == b"The device does not show its screen: a call is going on"


def test_what_is_no_picture_is_not_shown(
    care: CareSettings, browser: Browser, worker: Worker, tablet: Tablet
) -> None:
    """Nonsense on the topic of pictures ends nothing."""
    tablet.appear()
    with browser.http.stream("GET", browser.press_view(tablet.id)) as stream:
        packets = _packets(stream)
        tablet.publish(tablet.topic(topics.REMOTE_VIEW), b"nonsense", qos=0)
        tablet.say(
            topics.REMOTE_VIEW, RemoteViewFrame(width_px=1, height_px=1, jpeg=b"<svg onload=alert(1)>")
        )
        _send_pictures_until(tablet, packets)
    assert not RejectedInput.objects.exists()


def test_looking_has_to_be_allowed(
    browser: Browser, resident: Resident, worker: Worker, tablet: Tablet
) -> None:
    """By the care settings, which the device goes by too; touching by a setting of its own."""
    refused = browser.post(f"/devices/{tablet.id}/remote-view/start/")
    assert (refused.status_code, "not allowed" in refused.json()["words"]) == (403, True)
    CareSettings.objects.create(resident=resident, remote_view_allowed=True)
    documents.refresh_resident(resident)
    with browser.http.stream("GET", browser.press_view(tablet.id)):
        assert (
            browser.post(f"/devices/{tablet.id}/remote-view/tap/", json={"x": 0, "y": 0}).status_code == 403
        )


def test_only_who_looks_touches(care: CareSettings, browser: Browser, tablet: Tablet) -> None:
    """A touch out of nowhere is refused, as is one that is none."""
    documents.refresh_resident(care.resident)
    path = f"/devices/{tablet.id}/remote-view/tap/"
    assert browser.post(path, json={"x": 0.5, "y": 0.5}).status_code == 403
    with browser.http.stream("GET", browser.press_view(tablet.id)):
        eventually(lambda: _kinds(tablet.id, "start-remote-view"), "looking")
        for body in (b"nonsense", b'{"x": 0.5}', b'{"x": "left", "y": 0}', b"[]"):
            assert browser.post(path, content=body).status_code == 400


@pytest.mark.requirement("V27")
def test_nobody_looks_into_another_organisation(
    care: CareSettings, desk_addresses: DeskAddresses, browser: Browser, tablet: Tablet
) -> None:
    """Another organisation's device does not exist; an address that a colleague got opens nothing."""
    elsewhere = Organisation.objects.create(name="Elsewhere")
    stranger = User.objects.create(username="eve", organisation=elsewhere)
    stranger.give([Role.NURSE], elsewhere)
    other = _browser(desk_addresses, stranger)
    assert other.post(f"/devices/{tablet.id}/remote-view/start/").status_code == 404
    assert other.post(f"/devices/{tablet.id}/remote-view/tap/", json={"x": 0, "y": 0}).status_code == 404
    documents.refresh_resident(care.resident)
    address = browser.press_view(tablet.id)
    assert other.http.get(address).status_code == 403
    assert other.http.get(f"/devices/{tablet.id}/remote-view/stream/?pass=x").status_code == 403
    other.http.close()


def test_a_remote_view_begins_with_a_press(
    care: CareSettings, desk_addresses: DeskAddresses, tablet: Tablet
) -> None:
    """Without having signed in, or from another site, nothing begins."""
    with httpx.Client(base_url=desk_addresses.pages) as anybody:
        assert anybody.post(f"/devices/{tablet.id}/remote-view/start/").status_code in (302, 403)
        assert anybody.get(f"/devices/{tablet.id}/remote-view/stream/").status_code == 302
    assert not DeviceCommand.objects.exists()


def test_a_nurse_who_may_no_more_sees_no_more(
    care: CareSettings, browser: Browser, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account that is locked while it looks: the pictures end with the next renewal."""
    monkeypatch.setattr(remote_view, "RENEW_S", 0.2)
    monkeypatch.setattr(remote_view, "ASK_S", 0.05)
    documents.refresh_resident(care.resident)
    with browser.http.stream("GET", browser.press_view(tablet.id)) as stream:
        eventually(lambda: _kinds(tablet.id, "start-remote-view"), "looking")
        User.objects.update(is_active=False)
        assert list(_packets(stream))[-1:] != [(b"P", JPEG)]


def _browser(addresses: DeskAddresses, user: User) -> Browser:
    client = Client()
    client.force_login(user)
    token = "a" * 32
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
    return Browser(httpx.Client(base_url=addresses.pages, cookies=cookies, timeout=20), token)


def _packets(stream: httpx.Response) -> Iterator[tuple[bytes, bytes]]:
    waiting = b""
    for chunk in stream.iter_raw():
        waiting += chunk
        while len(waiting) >= 5:
            end = 5 + struct.unpack(">I", waiting[1:5])[0]
            if len(waiting) < end:
                break
            yield waiting[:1], waiting[5:end]
            waiting = waiting[end:]


def _send_pictures_until(tablet: Tablet, packets: Iterator[tuple[bytes, bytes]]) -> None:
    """Sends pictures, as a device does while it is looked at, until one arrives."""
    has_arrived = threading.Event()

    def send() -> None:
        while not has_arrived.wait(SEND_EACH_S):
            tablet.say(topics.REMOTE_VIEW, RemoteViewFrame(width_px=1, height_px=1, jpeg=JPEG))

    sending = threading.Thread(target=send)
    sending.start()
    try:
        content = next(content for kind, content in packets if kind == b"P")
    finally:
        has_arrived.set()
        sending.join()
    assert content == JPEG


def _command(envelope: Envelope) -> Command:
    command: Command = msgspec.json.decode(envelope.body, type=Command)
    return command


def _kinds(device: str, kind: str) -> list[object]:
    return list(DeviceCommand.objects.filter(device=device, body__kind=kind))
