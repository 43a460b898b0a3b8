"""The nightly self-test: faults that components do not report by themselves (K8)."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from device.contract.vital import Fault
from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event, SelfTestFinished
from device.rules.now import Now
from device.rules.state import State
from hal.ports import SELF_TEST_HZ, Hardware, HardwareError, Sound, ToneReading

_log = logging.getLogger(__name__)

# A passing car or a cough may mask the tone once.
TONES = 3
LISTEN_S = 1.0
_BEGIN_S = 3.0
_LOOK_S = 0.05
# The tone must exceed the level without it by this much.
CLEARLY_DB = 6.0
LEAST_FREE_BYTES = 200_000_000
# It is renewed in the ten days before.
CERTIFICATE_WARNING = timedelta(days=20)
# Half the resolution of the clock on the screen.
MOST_DRIFT = timedelta(seconds=30)


class ToneTest:
    """Tests whether the microphone detects the speaker."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware

    async def faults(self) -> list[Fault]:
        """Play a soft tone and detect it. Without speaker or microphone, none is played."""
        if not {"speaker", "microphone"} <= self._hardware.fitted:
            return []
        try:
            before = await self._listen()
            for _ in range(TONES):
                if _stands_out(await self._listen_to_tone(), before):
                    return []
        except HardwareError as error:
            return [Fault(part="microphone", reason=str(error)[:300])]
        return [Fault(part="sound", reason="the tone was not heard")]

    async def _listen_to_tone(self) -> ToneReading:
        speaker = self._hardware.speaker
        speaker.play(Sound.SELF_TEST, loop=True)
        try:
            for _ in range(round(_BEGIN_S / _LOOK_S)):
                if Sound.SELF_TEST in speaker.playing:
                    break
                await asyncio.sleep(_LOOK_S)
            return await self._listen()
        finally:
            speaker.stop(Sound.SELF_TEST)

    async def _listen(self) -> ToneReading:
        return await asyncio.to_thread(self._hardware.microphone.listen_for, SELF_TEST_HZ, LISTEN_S)


class SelfTester:
    """Runs the test; ``desk_time`` returns the desk's clock, or raises ``OSError``; ``wall`` is our own."""

    def __init__(
        self,
        hardware: Hardware,
        *,
        data_dir: Path,
        certificate: Path,
        desk_time: Callable[[], Awaitable[datetime]],
        wall: Callable[[], datetime],
    ) -> None:
        self._hardware = hardware
        self._data_dir = data_dir
        self._certificate = certificate
        self._desk_time = desk_time
        self._wall = wall
        self._running: asyncio.Task[None] | None = None

    def start(self, id_: str, tell: Callable[[Event], None]) -> None:
        """Start the test; ``tell`` gets the result in any case, unless ``stop`` comes first."""
        self.stop()
        self._running = asyncio.get_running_loop().create_task(self._run(id_, tell))

    def stop(self) -> None:
        """Cancel the test; no result is reported."""
        if self._running:
            self._running.cancel()
            self._running = None
            self._hardware.speaker.stop(Sound.SELF_TEST)

    async def _run(self, id_: str, tell: Callable[[Event], None]) -> None:
        try:
            found = [
                *await ToneTest(self._hardware).faults(),
                *await asyncio.to_thread(self._still),
                *await self._clock(),
            ]
        except Exception as error:  # noqa: BLE001 - a failing test is a result
            _log.exception("the self-test failed")
            found = [Fault(part="self-test", reason=f"the test itself failed: {type(error).__name__}")]
        self._running = None
        tell(SelfTestFinished(id=id_, found=tuple(found)))

    def _still(self) -> list[Fault]:
        return [*storage_faults(self._data_dir), *certificate_faults(self._certificate, self._wall())]

    async def _clock(self) -> list[Fault]:
        """Compare with the desk's clock, allowing for the response time; no fault without a desk."""
        try:
            theirs = await self._desk_time()
        except OSError as error:
            _log.info("the clock was not compared: %s", error)
            return []
        drift_s = (self._wall() - theirs).total_seconds()
        if abs(drift_s) < MOST_DRIFT.total_seconds():
            return []
        return [Fault(part="clock", reason=f"the clock is wrong: by {drift_s:.0f} s")]


class SelfTests:
    """Carries out the rules' self-test effects. ``look`` checks every component's health before a test."""

    def __init__(
        self, tester: SelfTester, *, look: Callable[[], None], tell: Callable[[Event], None]
    ) -> None:
        self._tester = tester
        self._look = look
        self._tell = tell

    def performs(self) -> Performs:
        """Return the effects that start and cancel a test."""
        return {
            fx.StartSelfTest: self._start,
            fx.StopSelfTest: lambda _effect, _state, _now: self._tester.stop(),
        }

    def _start(self, effect: fx.StartSelfTest, _state: State, _now: Now) -> None:
        self._look()
        self._tester.start(effect.id, self._tell)


def _stands_out(heard: ToneReading, before: ToneReading) -> bool:
    """Return whether the tone is louder than before: a hum of the same pitch proves nothing."""
    return heard.heard and heard.tone_dbfs >= before.tone_dbfs + CLEARLY_DB


def storage_faults(folder: Path) -> Iterator[Fault]:
    """Yield faults of the storage: not writable, or no space for years of operation."""
    probe = folder / "self-test.part"
    try:
        with probe.open("wb") as file:
            file.write(b"written to see whether it can be")
            file.flush()
            os.fsync(file.fileno())
        disk = os.statvfs(folder)
        free_bytes = disk.f_bavail * disk.f_frsize
    except OSError as error:
        yield Fault(part="storage", reason=f"it cannot be written to: {error.strerror}")
        return
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    if free_bytes < LEAST_FREE_BYTES:
        yield Fault(part="storage", reason=f"it is nearly full: {free_bytes // 1_000_000} MB are free")


def certificate_faults(file: Path, now: datetime) -> Iterator[Fault]:
    """Yield faults of the certificate: expired, or close to it (RFC 5280, 4.1.2.5)."""
    from cryptography import x509

    try:
        ends_at = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        yield Fault(part="certificate", reason=f"it cannot be read: {error}"[:300])
        return
    left = ends_at - now
    if left <= timedelta(0):
        yield Fault(part="certificate", reason="it has expired")
    elif left < CERTIFICATE_WARNING:
        yield Fault(part="certificate", reason=f"it expires soon: in {left.days} days")
