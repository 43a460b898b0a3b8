"""An installer in front of a new tablet: taps on the display itself, and counts them."""

from contextlib import suppress
from pathlib import Path

from device.window_protocol.intents import Intent, SetUp, SetUpAct, TypeKey
from device.window_protocol.model import TypingPage
from kiosk_ui.panel import Panel
from kiosk_ui.scene import TurnPage
from kiosk_ui.touch import QUICK_REPEAT_S
from provisioning.demo.display import HEIGHT_PX, WIDTH_MM, WIDTH_PX, VirtualDisplay
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place
from tests.flows.display_picture import Finger, picture
from tests.flows.resident_screen import ResidentScreen
from tests.link.waiting import eventually

# Of a list that has arrows.
MOST_PAGES = 6
# The window may come up just after its first picture.
MOST_TRIES = 3
PANEL = Panel(WIDTH_PX, HEIGHT_PX, WIDTH_MM)


class NewTablet:
    """Wizard, core and window of one tablet on a display of its own; the core starts when it is enrolled."""

    def __init__(self, place: Place, folder: Path, sockets: Path, bus: str) -> None:
        self.identity = folder / "identity"
        self.sim_socket = sockets / "sim.sock"
        screen_socket = sockets / "screen.sock"
        settings = folder / "device.toml"
        settings.write_text(
            f'identity_dir = "{self.identity}"\ndata_dir = "{folder}/data"\nclock = "trusted"\n'
            f'screen_socket = "{screen_socket}"\nmedia_socket = "{sockets}/media.sock"\n'
            f'sim_socket = "{self.sim_socket}"\n'
        )
        self.display = VirtualDisplay(folder / "display", folder / "display.log")
        self.display.start()
        surroundings = place.environment | {"DBUS_SYSTEM_BUS_ADDRESS": bus, "DISPLAY": self.display.name}
        wizard = place.python("device.setup", "--settings", str(settings))
        core = place.python("device", "--settings", str(settings))
        window = place.python("kiosk_ui", "--socket", str(screen_socket))
        window += ["--width-px", str(WIDTH_PX), "--height-px", str(HEIGHT_PX), "--width-mm", str(WIDTH_MM)]
        log, here = folder / "log", surroundings
        self.wizard = ManagedProcess("the wizard", wizard, log=log / "wizard.log", environment=here)
        self.core = ManagedProcess("the core", core, log=log / "core.log", environment=here)
        self.window = ManagedProcess("the window", window, log=log / "window.log", environment=here)
        self.screen = ResidentScreen(screen_socket)

    def stop(self) -> None:
        self.screen.leave()
        for part in (self.wizard, self.core, self.window):
            part.stop()
        self.display.stop()


class Installer:
    """``taps`` are those on buttons, ``keys`` those on the keyboard."""

    def __init__(self, tablet: NewTablet) -> None:
        self.tablet = tablet
        self._finger = Finger(tablet.display.name, PANEL, QUICK_REPEAT_S)
        self.taps_done = 0
        self.keys_done = 0

    def sees(self, words: str, timeout_s: float = 40.0) -> None:
        """These words are on the screen."""
        eventually(lambda: self.tablet.screen.says(words), f"the screen says {words!r}", timeout_s)

    def taps(self, act: SetUpAct, value: str = "") -> None:
        """The button that does this, once it is drawn; again where nothing came of it, as people do."""
        for _ in range(MOST_TRIES):
            before = self.tablet.screen.newest
            self._touch(SetUp(act, value))
            self.taps_done += 1
            with suppress(AssertionError):
                eventually(
                    lambda: self.tablet.screen.newest not in (None, before),  # noqa: B023
                    "something happens",
                    3.0,
                )
                return
        raise AssertionError(f"nothing came of {act} {value}")

    def types(self, text: str) -> None:
        """Key by key, with whatever other keys it needs, and *Next*."""
        self._sees_keys()
        for sign in text:
            is_letter = sign.isalpha() or sign in ".- "
            if not self._find(TypeKey(sign), 0):
                self._key("letters" if is_letter else "figures", sign)
            self._key(sign)
        self._key("done")

    def erases(self, count: int) -> None:
        for _ in range(count):
            self._key("erase")

    def _sees_keys(self) -> None:
        """Something is to be typed."""
        eventually(self._has_keys, "keys on the screen")

    def _has_keys(self) -> bool:
        newest = self.tablet.screen.newest
        return newest is not None and isinstance(newest.page, TypingPage)

    def _key(self, key: str, then: str = "") -> None:
        before = self.tablet.screen.newest
        self._touch(TypeKey(key))
        self.keys_done += 1
        eventually(lambda: self.tablet.screen.newest != before, f"the key {key!r} did something")
        if then:
            eventually(lambda: self._find(TypeKey(then), 0), f"the key {then!r}")

    def _touch(self, intent: Intent) -> None:
        eventually(lambda: self._is_there(intent), f"a button for {intent!r} on the screen", 20.0)
        turned = 0
        while not (place := self._drawn(intent, turned)):
            arrow = self.tablet.screen.place_of(TurnPage(turned + 1, "more"), PANEL, turned)
            assert arrow, f"nothing on the screen does {intent!r}"
            self._finger.tap(*arrow)
            self.taps_done += 1
            turned += 1
        self._finger.tap(*place)

    def _is_there(self, intent: Intent) -> bool:
        return self.tablet.screen.newest is not None and any(
            self._find(intent, turned) for turned in range(6)
        )

    def _find(self, intent: Intent, turned: int) -> tuple[int, int] | None:
        return self.tablet.screen.place_of(intent, PANEL, turned)

    def _drawn(self, intent: Intent, turned: int) -> tuple[int, int] | None:
        screen, frame = self.tablet.screen, self.tablet.display.frame_file

        def look() -> tuple[tuple[int, int] | None, ...]:
            newest, place = screen.newest, self._find(intent, turned)
            is_drawn = screen.is_drawn(PANEL, picture(frame), turned)
            # What came meanwhile may have another button at this place.
            return (place,) if is_drawn and screen.newest is newest else ()

        return eventually(look, "it is on the display")[0]
