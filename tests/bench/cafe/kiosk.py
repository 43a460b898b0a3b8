"""The tablet at the table: its media, and its window on a display; the core is played by this process."""

import asyncio
import subprocess
import wave
from pathlib import Path
from typing import Literal

import numpy as np

from cloud.cafe.notices import ComeAgain, Notice, SeatTaken, Shown
from cloud.cafe.sfu import Connections
from device.media.client import CallProcess
from device.media.messages import Connected, FromMedia, Gone
from device.media.table_messages import GuestAnswer, PrepareTable, SeeGuest, SitDown, TableReady
from device.window_protocol.intents import LeaveTable, OpenPage
from device.window_protocol.model import Button, Face, Screen, Style, TablePage
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.panel import Panel
from provisioning.demo.display import HEIGHT_PX, WIDTH_MM, WIDTH_PX
from tests.bench.cafe.table import Table, keep
from tests.bench.calls.tablet import NOTHING, Tablet
from tests.bench.screen.pixels import Area
from tests.hal.sound_room import RATE_HZ
from tests.link.waiting import eventually
from tests.media.bad_line import BadLine

NAME = "aino"


class Kiosk:
    """``ask``, ``enter`` and ``leave`` as often as needed; ``line`` carries its sound where there is one."""

    name = NAME

    def __init__(self, tablet: Tablet, table: Table) -> None:
        self.tablet = tablet
        self._table = table
        self._later: set[asyncio.Task[None]] = set()
        self.visits = 0
        self._comes_back = False
        self.line: BadLine | None = None
        self._ready: TableReady | None = None

    def ask(self) -> None:
        """As a touch on the café's tile: the question stands there, and the connections are prepared."""
        self._forget()
        self.tablet.show(self._page("", "asking"))
        self.tablet.await_painted()
        self._table.loop.call_soon_threadsafe(self._start)
        eventually(lambda: self._ready, "the connections are prepared", 30)

    def enter(self) -> None:
        """As a touch on "Go in" does; comes back at once."""
        if self._ready is None:
            self.ask()
        self.tablet.show(self._page(""))
        self._table.loop.call_soon_threadsafe(self._go_in)

    def await_connected(self) -> None:
        eventually(lambda: self._connected, "the tablet hears the table", 30)

    def is_back(self, since: int) -> bool:
        """Whether the tablet has come back by itself since, hears the table and has a picture to show."""
        return self.visits > since and self._connected and bool(self._whom)

    def leave(self) -> None:
        """Returns when nothing is left of the seat."""
        self._table.loop.call_soon_threadsafe(self._process.close)
        self._ready = None
        self._table.leave(self.name)
        self.tablet.show(NOTHING)
        self.tablet.await_painted()
        eventually(lambda: not self.tablet.server.calls, "the seat's process has ended", 15)

    def picture_area(self) -> Area:
        """Where the speaker's picture is, less its lower edge."""
        screen = Screen(revision=1, style=Style(), page=self._page("frames"), help=None)
        pieces = compose(screen, Panel(WIDTH_PX, HEIGHT_PX, WIDTH_MM), Interaction()).pieces
        box = pieces["table.picture"].box
        middle_x, middle_y = box.x + box.width // 2, box.y + box.height // 2
        return Area(middle_x - 60, middle_y - 60, middle_x + 60, middle_y + 20)

    async def notify(self, notice: Notice) -> None:
        """What the core would carry from the desk to the media."""
        match notice:
            case SeatTaken(answers=answers):
                sound = self.line.answer(answers.sound) if self.line else answers.sound
                self._process.send(SitDown(sound=sound, picture=answers.picture))
            case Shown(whom=whom, offer=offer):
                self._process.send(SeeGuest(offer=offer, ends=whom is None))
                self._whom = whom or ""
                self.tablet.show(self._page(self._frames if whom else ""))
            case ComeAgain():
                self._come_back()

    def _forget(self) -> None:
        self.visits += 1
        self._connected = self._comes_back = False
        self._ready = None
        self._frames = self._own_frames = self._whom = ""

    def _come_back(self) -> None:
        """As the core: with a new process and new offers, as soon as it has them."""
        self._process.close()
        self._forget()
        self._comes_back = True
        self.tablet.show(self._page(""))
        self._start()

    def _start(self) -> None:
        self._process = CallProcess(self.tablet.server.socket, self._heard)
        self._process.start(PrepareTable(seat_id=f"{self.name}-{self.visits}"))

    def _go_in(self) -> None:
        assert self._ready
        sound, picture = self._ready.sound, self._ready.picture
        offers = Connections(self.line.offer(sound) if self.line else sound, picture)
        keep(self._later, self._table.enter(self, offers))

    def _heard(self, message: FromMedia) -> None:
        match message:
            case TableReady(frames=frames, own_frames=own):
                self._frames, self._own_frames, self._ready = frames, own, message
                if self._comes_back:
                    self._go_in()
            case Gone():
                self._come_back()
            case GuestAnswer(answer=answer):
                keep(self._later, self._table.answer(self.name, answer))
            case Connected():
                self._connected = True

    def _page(self, frames: str, state: Literal["asking", "seated"] = "seated") -> TablePage:
        others = sorted(self._table.people - {self.name, self._whom})
        return TablePage(
            state=state,
            title="Kahvila",
            lines=["Muut näkevät ja kuulevat sinut."] if state == "asking" else [],
            frames=frames,
            own_frames=self._own_frames,
            own_words="Sinä",
            speaker=_face(self._whom or "aino"),
            faces=[_face(name) for name in others],
            buttons=[],
            leave=Button(words="Lähde", icon="hang-up", intent=LeaveTable()),
        )


def _face(name: str) -> Face:
    return Face(
        name=name.capitalize(),
        initials=name[:1].upper(),
        presence="available",
        presence_words="",
        intent=OpenPage("cafe"),
    )


def hum(folder: Path, hz: int, seconds: float) -> "subprocess.Popen[bytes]":
    """A tone at the tablet's microphone."""
    file = folder / "hum.wav"
    times = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((9000 * np.sin(2 * np.pi * hz * times)).astype("<i2").tobytes())
    return subprocess.Popen(["paplay", "--device=microphone", str(file)])
