"""Messages from the device to the desk on its own initiative: sealed and published on the link."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from device.contract import topics
from device.contract.commands import Answer
from device.contract.documents import Document, Reported
from device.contract.queue import InLine
from device.contract.topics import Channel
from device.contract.vital import Presence, RemoteViewFrame
from device.contract.wire import seal
from device.hardware import FittedHardware
from device.link.session import Session
from device.performers import Performs
from device.rules import effects as fx
from device.rules.now import Now
from device.rules.state import State
from device.store.database import Store
from device.window_protocol.messages import Picture

# Received and painted are usually milliseconds apart: one message reports both.
GATHER_REPORTS_S = 0.25


class DeskMessages:
    """Sends answers, reports, heartbeats, presence and pictures.

    ``write_down`` saves what a report confirms.
    """

    def __init__(
        self,
        session: Session,
        store: Store,
        hardware: FittedHardware,
        data_dir: Path,
        write_down: Callable[[], None],
    ) -> None:
        self._session = session
        self._store = store
        self._hardware = hardware
        self._data_dir = data_dir
        self._write_down = write_down
        self._unsent: dict[Document, tuple[Reported, Now]] = {}

    def performs(self) -> Performs:
        """Return the effects that send messages without a receipt."""
        return {
            fx.AnswerCommand: lambda effect, _, now: self.answer(effect.command_id, effect.answer, now),
            fx.Report: self._report,
            fx.SendHeartbeat: self._send_heartbeat,
            fx.SayInLine: self._say_in_line,
        }

    def answer(self, command_id: str, answer: Answer, now: Now) -> None:
        """Send one stage of a command."""
        self._publish(topics.ANSWER, answer, now, correlation=command_id)

    def say_online(self, session: int, state: State, now: Now) -> None:
        """Publish presence with the state of each document; the will of this session is the opposite."""
        self._write_down()
        documents = list(state.documents.reported.values())
        self._publish(topics.PRESENCE, Presence(online=True, session=session, documents=documents), now)

    def show_desk(self, picture: Picture, now: Now) -> None:
        """Send a picture for the remote view."""
        frame = RemoteViewFrame(width_px=picture.width_px, height_px=picture.height_px, jpeg=picture.jpeg)
        self._publish(topics.REMOTE_VIEW, frame, now)

    def _say_in_line(self, effect: fx.SayInLine, _: State, now: Now) -> None:
        self._publish(topics.IN_LINE, InLine(visit_id=effect.visit_id), now)

    def _send_heartbeat(self, effect: fx.SendHeartbeat, _: State, now: Now) -> None:
        waiting = self._store.count_waiting()
        fitted, free_mb = self._hardware.fitted, _free_mb(self._data_dir)
        counted = replace(effect.heartbeat, outbox=waiting, fitted=fitted, free_mb=free_mb)
        self._publish(topics.HEARTBEAT, counted, now)

    def _report(self, effect: fx.Report, state: State, now: Now) -> None:
        if not self._unsent:
            asyncio.get_running_loop().call_later(GATHER_REPORTS_S, self._tell_reports)
        self._unsent[effect.name] = state.documents.reported[effect.name], now

    def _tell_reports(self) -> None:
        """Send reports. Without a link they are dropped: the next connection's presence contains them all."""
        self._write_down()
        unsent, self._unsent = self._unsent, {}
        for name, (reported, now) in unsent.items():
            self._publish(topics.REPORTED[name], reported, now)

    def _publish(self, channel: Channel, body: Struct, now: Now, correlation: str | None = None) -> None:
        self._session.publish(channel, seal(body, channel.type, sent_at=now.wall, correlation=correlation))


def _free_mb(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return None
