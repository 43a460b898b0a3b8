"""Connects the rules with the call processes: effects go out, messages come in as events."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from device.media.client import CallProcess
from device.media.messages import (
    Begin,
    Finish,
    FromMedia,
    Gone,
    Prepare,
    Ready,
    SetLoudness,
    ShowPicture,
    Trouble,
)
from device.media.table_messages import PrepareTable, TableReady
from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event, FaultChanged, MediaSaid
from device.rules.now import Now
from device.rules.state import State


class CallProcesses:
    """Manages one process for each call; ``tell`` is called on the core's loop, never within an effect."""

    def __init__(self, socket: Path, tell: Callable[[Event], None]) -> None:
        self._socket = socket
        self._tell = tell
        self._running: dict[str, CallProcess] = {}
        self._without_answer: set[str] = set()
        self._faulty: set[str] = set()

    def performs(self) -> Performs:
        """Return the effects of calls: start a process, send it a message, end it."""
        return {
            fx.PrepareCall: self._start,
            fx.BeginCall: self._begin,
            fx.SetCallLoudness: self._set_loudness,
            fx.ShowRoom: self._show_room,
            fx.FinishCall: self._finish,
            fx.PrepareSeat: self._prepare_seat,
            fx.TellSeat: self._tell_seat,
        }

    def stop(self) -> None:
        """End every call process; camera and microphone are free afterwards."""
        for process in self._running.values():
            process.close()
        self._running.clear()

    def _begin(self, effect: fx.BeginCall, _state: State, _now: Now) -> None:
        if process := self._running.get(effect.call_id):
            process.send(Begin(loudness=effect.loudness))

    def _set_loudness(self, effect: fx.SetCallLoudness, _state: State, _now: Now) -> None:
        if process := self._running.get(effect.call_id):
            process.send(SetLoudness(loudness=effect.loudness))

    def _show_room(self, effect: fx.ShowRoom, _state: State, _now: Now) -> None:
        if process := self._running.get(effect.call_id):
            process.send(ShowPicture(how=effect.how))

    def _finish(self, effect: fx.FinishCall, _state: State, _now: Now) -> None:
        if process := self._running.pop(effect.call_id, None):
            process.send(Finish())
            process.close()

    def _start(self, wanted: fx.PrepareCall, _state: State, _now: Now) -> None:
        prepare = Prepare(call_id=wanted.call_id, offer=wanted.offer, ice_servers=wanted.ice_servers)
        self._start_process(wanted.call_id, prepare)

    def _prepare_seat(self, wanted: fx.PrepareSeat, _state: State, _now: Now) -> None:
        prepare = PrepareTable(seat_id=wanted.seat_id, listens=wanted.listens, ice_servers=wanted.ice_servers)
        self._start_process(wanted.media_id, prepare)

    def _tell_seat(self, effect: fx.TellSeat, _state: State, _now: Now) -> None:
        if process := self._running.get(effect.media_id):
            process.send(effect.message)

    def _start_process(self, id_: str, wanted: Prepare | PrepareTable) -> None:
        process = CallProcess(self._socket, partial(self._heard, id_))
        self._running[id_] = process
        self._without_answer.add(id_)
        process.start(wanted)

    def _heard(self, call_id: str, message: FromMedia) -> None:
        """Report the message as an event; a hardware fault is kept until the next call clears it."""
        match message:
            case Ready() | TableReady():
                self._without_answer.discard(call_id)
                for part in tuple(self._faulty):
                    self._fault(part, "")
            case Trouble(part=part, reason=reason):
                self._fault(f"{part} in calls", reason)
            case Gone(reason=reason) if call_id in self._without_answer:
                self._fault("calls", reason)
        self._tell(MediaSaid(call_id=call_id, message=message))

    def _fault(self, part: str, reason: str) -> None:
        if reason:
            self._faulty.add(part)
        elif part not in self._faulty:
            return
        else:
            self._faulty.discard(part)
        self._tell(FaultChanged(part=part, reason=reason))
