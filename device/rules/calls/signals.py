"""Sounds and lamp pattern of a call."""

from typing import Literal

from device.rules.calls.call import Call, CallSignals
from device.rules.effects import Effect, LampPattern, Play, SayCall, StopSound
from device.rules.now import Now
from device.rules.sound import SoundClass

Outcome = tuple[CallSignals, list[Effect]]


def follow(before: CallSignals, call: Call | None, now: Now) -> Outcome:
    """Return changed sounds only. Volumes and muting come from the sound table."""
    loop, effects = _loop(before, call)
    chimed = _chimes(call)
    effects += [Play(sound=chimed[moment]) for moment in chimed if moment not in before.chimed]
    announced = before.announced
    if call and call.stage == "countdown" and now.monotonic_s >= call.announced_s and announced != call.id:
        effects.append(SayCall())
        announced = call.id
    return CallSignals(loop=loop, chimed=tuple(chimed), announced=announced), effects


def is_talking(call: Call | None) -> bool:
    """Return whether other sounds would disturb the call."""
    return call is not None and call.stage in ("connecting", "connected")


def lamp(call: Call | None) -> LampPattern:
    """Return the pattern: blinking to attract attention, steady while a forced call is open (K5)."""
    if call is None:
        return "off"
    if call.stage in ("ringing", "countdown"):
        return "blinking"
    return "on" if call.forced else "off"


def _loop(before: CallSignals, call: Call | None) -> tuple[Literal["", "ring"], list[Effect]]:
    rings = call is not None and call.stage == "ringing"
    if rings and not before.loop:
        return "ring", [Play(sound="ring", loop=True)]
    if before.loop and not rings:
        return "", [StopSound(sound="ring")]
    return before.loop, []


def _chimes(call: Call | None) -> dict[str, SoundClass]:
    """Return the stages of this call so far that have a chime: announced, opened, nearly over."""
    chimes: dict[str, SoundClass] = {}
    if call and call.forced:
        chimes[f"{call.id} announced"] = "forced-call"
        if call.stage != "countdown":
            chimes[f"{call.id} opened"] = "forced-call"
    if call and call.warned:
        chimes[f"{call.id} warned"] = "chime"
    return chimes
