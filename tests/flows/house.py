"""A resident's home and its care desk, as the stories speak of them: all parts real."""

import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image, ImageChops
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from device.contract import topics
from device.contract.topics import Channel
from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.intents import Intent, OpenPage
from device.window_protocol.messages import Done
from device.window_protocol.model import CallPage
from kiosk_ui.panel import Panel
from kiosk_ui.scene import TurnPage
from kiosk_ui.touch import REPEAT_S
from provisioning.demo.display import HEIGHT_PX, WIDTH_MM, WIDTH_PX
from provisioning.demo.place import REPOSITORY
from provisioning.demo.stack import Stack
from tests.device.core_process import ask_hardware
from tests.flows.display_picture import Finger, picture
from tests.flows.resident_screen import ResidentScreen
from tests.link.waiting import eventually

PANEL = Panel(WIDTH_PX, HEIGHT_PX, WIDTH_MM)
CLOSE = "a[id^='close-']"

# After a tap that changes nothing on the display, the next one waits so long.
ALIKE_S = 2.0
HELPED = tuple(f"state='{each}'" for each in ("sending", "received", "coming", "here"))


class House:
    """One home. What is waited for comes about within a deadline or the story ends there."""

    def __init__(self, stack: Stack, accounts: list[dict[str, str]], callers: list[dict[str, str]]) -> None:
        self.stack = stack
        self.links = {caller["name"]: f"{stack.desk.url}{caller['link']}" for caller in callers}
        self.accounts = {account["user"]: account for account in accounts}
        self.screen = ResidentScreen(stack.tablet.screen_socket)
        self._session = ""
        self._tapped: tuple[float, int | None, Image.Image] | None = None
        self._finger = Finger(stack.display, PANEL, REPEAT_S)

    def resident_sees(self, words: str, timeout_s: float = 30.0) -> None:
        """Wait until these words are on the screen."""
        try:
            eventually(lambda: self.screen.says(words), f"the screen says {words!r}", timeout_s)
        except AssertionError as error:
            error.add_note(f"it is {self.screen.newest!r}")
            raise

    def resident_touches_the_end_away(self) -> None:
        """How a call has ended stays on the screen until it is touched."""
        self.resident_sees("page=PersonPage(")
        self.resident_taps(OpenPage("home"))
        self.resident_sees("page=Home(")

    def resident_taps(self, intent: Intent) -> None:
        """A finger on the button that does this, on the display itself, once it can be seen there."""
        turned = 0
        while not (place := self._place_of(intent, turned)):
            arrow = self.screen.place_of(TurnPage(turned + 1, "more"), PANEL, turned)
            assert arrow, f"nothing on the screen does {intent!r}"
            self._tap(*arrow)
            turned += 1
        self._tap(*place)

    def _tap(self, x_px: int, y_px: int) -> None:
        revision = self.screen.newest.revision if self.screen.newest else None
        self._tapped = time.monotonic(), revision, self.picture()
        self._finger.tap(x_px, y_px)

    def _place_of(self, intent: Intent, turned: int) -> tuple[int, int] | None:
        eventually(lambda: self._is_drawn(self.picture(), turned), "the screen is on the display")
        return self.screen.place_of(intent, PANEL, turned)

    def _is_drawn(self, picture: Image.Image, turned: int) -> bool:
        """Return whether the newest Screen is drawn, also where the one before had the same surfaces."""
        if not self.screen.is_drawn(PANEL, picture, turned):
            return False
        if self._tapped is None:
            return True
        tapped_s, revision, before = self._tapped
        newest = self.screen.newest
        if newest is None or newest.revision == revision or time.monotonic() - tapped_s > ALIKE_S:
            return True
        return ImageChops.difference(before, picture).getbbox() is not None

    def call_on_screen(self) -> CallPage | None:
        """The call that the resident sees."""
        screen = self.screen.newest
        return screen.page if screen and isinstance(screen.page, CallPage) else None

    def newest_call(self) -> str:
        """The id that the desk has given it."""
        (found,) = self.desk_knows("calls.Call", "id", order=["-offered_at"])
        return str(found)

    def press_the_wall_button(self) -> None:
        """The simulated hardware button, by the installer's command."""
        command = [sys.executable, "-m", "provisioning.command", "sim", "press", "help"]
        command += ["--control", str(self.stack.tablet.sim_socket)]
        subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True)

    def hardware(self, **line: object) -> dict[str, Any]:
        """Drives the simulated hardware (docs/hardware.md), or asks it what it was asked to do."""
        answer = ask_hardware(self.stack.tablet.sim_socket, **line)
        assert answer["ok"], answer
        return answer

    def history(self, part: str) -> list[list[Any]]:
        """What a part of the simulated hardware was asked to do, oldest first."""
        history: list[list[Any]] = self.hardware(history=part)["history"]
        return history

    def texts(self) -> list[tuple[str, str]]:
        """Number and words of each text message that was handed to the modem since the core started."""
        return [(entry[1], entry[2]) for entry in self.history("modem") if entry[0] == "send"]

    def answers(self, number: str, words: str = "TULEN {code}") -> None:
        """A contact answers the newest text message; ``code`` is the number that stands at its end."""
        code = next(text for recipient, text in reversed(self.texts()) if recipient == number).rpartition(
            " "
        )[2]
        self.hardware(sms_in={"number": number, "text": words.format(code=code)})

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """No broker and no desk for a while: nothing but the device's own modem."""
        self.stack.broker.stop(signal.SIGKILL)
        for part in (self.stack.desk.pages, self.stack.desk.devices):
            part.stop(signal.SIGKILL)
        self.resident_sees("Ei yhteyttä")
        try:
            yield
        finally:
            self.stack.start_broker()
            self.stack.desk.start()
            self.stack.desk.wait()

    def picture(self) -> Image.Image:
        """The pixels of the display now."""
        assert self.stack.virtual_display
        return picture(self.stack.virtual_display.frame_file)

    def desk_knows(
        self, model: str, *fields: str, timeout_s: float = 30.0, order: Sequence[str] = (), **where: Any
    ) -> list[Any]:
        """The first row of the desk that ``where`` finds, as soon as there is one."""
        rows = eventually(
            lambda: self.stack.desk.rows(model, *(fields or ("pk",)), order=order, **where),
            f"the desk has a {model} with {where}",
            timeout_s,
        )
        return rows[0]

    def desk_counts(self, model: str, **where: Any) -> int:
        """How many rows of the desk ``where`` finds."""
        return len(self.stack.desk.rows(model, "pk", **where))

    def sign_in(self, page: Page, user: str = "anna") -> None:
        """A nurse comes to the desk."""
        account = self.accounts[user]
        page.goto(f"{self.stack.desk.url}/sign-in/")
        page.get_by_role("textbox").first.fill(account["user"])
        page.locator("input[type=password]").fill(account["password"])
        page.get_by_role("button").first.click()
        page.wait_for_url("**/help/")

    def comes_back(self, page: Page) -> None:
        """Anna with her session of an earlier story; she signs in where there is none, or it has ended."""
        home = self.stack.desk.url
        if self._session:
            page.context.add_cookies([{"name": "sessionid", "value": self._session, "url": home}])
        if page.request.get(f"{home}/help/", max_redirects=0).status != 200:
            self.sign_in(page)
            cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
            self._session = cookies["sessionid"]

    def device_page(self) -> str:
        """The address of the desk's page of this device."""
        return f"{self.stack.desk.url}/devices/{self.stack.tablet.device}/"

    @contextmanager
    def desks_voice(
        self, hear: Callable[[bytes], None] = lambda _: None
    ) -> Iterator[Callable[[Channel, bytes], None]]:
        """Publish on the device's topics with the desk's own certificate, with any payload.

        ``hear`` gets the device's events, on another thread.
        """
        pki = self.stack.place.desk / "pki"
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="voice", protocol=mqtt.MQTTv5)
        client.tls_set(
            ca_certs=str(pki / "ca.pem"),
            certfile=str(pki / "desk-link.pem"),
            keyfile=str(pki / "desk-link.key"),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )
        client.on_message = lambda _client, _data, message: hear(bytes(message.payload))
        client.connect("localhost", self.stack.place.ports.broker_desk)
        client.subscribe(topics.topic(self.stack.tablet.device, topics.EVENT), qos=1)
        client.loop_start()

        def say(channel: Channel, payload: bytes) -> None:
            full_topic = topics.topic(self.stack.tablet.device, channel)
            client.publish(full_topic, payload, channel.qos).wait_for_publish(10)

        yield say
        client.disconnect()
        client.loop_stop()

    def nobody_waits(self, page: Page) -> None:
        """The nurse closes whatever earlier stories left open, and the screen is at home."""
        page.goto(f"{self.stack.desk.url}/help/")
        eventually(lambda: not _press_one(page, "take"), "nothing to take")
        while page.locator(CLOSE).count():
            self.closes(page)
        # A tablet whose link is not back yet has not heard that its request was closed.
        eventually(lambda: not any(map(self.screen.says, HELPED)), "no help is under way", 60)
        self.do(OpenPage("home"))
        eventually(lambda: self.screen.says("page=Home("), "the home page")

    def goes(self, page: Page) -> None:
        """The nurse takes the one request on the board."""
        eventually(lambda: _press_one(page, "take"), "a request to take")
        eventually(lambda: not _press_one(page, "take"), "the request is taken")

    def closes(self, page: Page) -> None:
        """The nurse closes it, and says how it ended."""
        eventually(lambda: _opens_closing(page), "the page on which a request is closed")
        page.get_by_label("Autettiin").check()
        page.locator("form.card button").click()
        page.locator("#requests").wait_for()

    def do(self, intent: Intent) -> None:
        """What a finger would do, straight to the core: for getting from one story to the next."""
        viewer = eventually(self._viewer, "the core accepts viewers")
        assert viewer
        with viewer as client:
            client.send(Done(intent))
            # Another connection, a finger on the display, could else be read before this one.
            client.finish(timeout_s=10)

    def _viewer(self) -> ScreenClient | None:
        """A connection to the core; none while it starts again after the story before."""
        with suppress(CoreGone):
            return ScreenClient(self.stack.tablet.screen_socket, "viewer")
        return None


def _press_one(page: Page, verb: str) -> bool:
    """Press a button; return whether it existed: one that is just being redrawn is pressed the next time."""
    button = page.locator(f"button[id^='{verb}-']").first
    if not button.count():
        return False
    with suppress(PlaywrightError):
        button.click(timeout=1_000)
    return True


def _opens_closing(page: Page) -> bool:
    """Follow the link to close a request; one that is just being redrawn is followed the next time."""
    if page.locator(CLOSE).count():
        with suppress(PlaywrightError):
            page.locator(CLOSE).first.click(timeout=1_000)
    with suppress(PlaywrightError):
        page.get_by_label("Autettiin").wait_for(timeout=1_000)
        return True
    return False
