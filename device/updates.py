"""Software updates: checks, downloads, installs into a slot, and restarts (K16)."""

import asyncio
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from device import VERSION
from device.contract.errors import ContractError
from device.https_tasks import HttpsDesk
from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event, FaultChanged, FetchEnded, ReleaseFetched, ReleaseRefused, SoftwareBegan
from device.rules.now import Now
from device.rules.state import State
from device.settings import Settings
from device.software.slots import Slots

if TYPE_CHECKING:
    from device.contract.release import Manifest, ReleaseOffer

# Downloads leave part of the home's line free.
RATE_BYTES_S = 250_000
CHUNKS_AT_ONCE = 50
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class _NotWanted(Exception):
    """A refused release; the message says why."""

    def __init__(self, reason: str, version: str = "", number: int = 0) -> None:
        super().__init__(reason)
        self.version, self.number = version, number


class _About(msgspec.Struct, frozen=True):
    """The header of a manifest, parsed without the rest of it."""

    version: str
    number: int


class SoftwareUpdates:
    """Carries out updates if the settings name a folder and a key; ``end`` ends the core."""

    def __init__(
        self, settings: Settings, desk: HttpsDesk, handle: Callable[[Event], None], end: Callable[[], None]
    ) -> None:
        self._key = settings.release_key
        self._desk = desk
        self._handle = handle
        self._end = end
        self._spread_s = settings.release_spread_s
        self._base = Path(__file__).resolve().parents[1]
        self._slots = Slots(settings.software_dir) if settings.software_dir else None
        self._running: asyncio.Task[None] | None = None

    def performs(self) -> Performs:
        """Return the effects about releases."""
        return {
            fx.FetchRelease: self._fetch,
            fx.StopFetch: lambda _effect, _state, _now: self.stop(),
            fx.InstallRelease: self._install,
            fx.KeepRelease: lambda _effect, _state, _now: self._need().end_trial(),
            fx.ReturnRelease: self._return,
            fx.ForgetReturn: lambda _effect, _state, _now: self._need().forget_return(),
        }

    def begin(self) -> None:
        """Report what the last start has left to the rules."""
        if self._slots is None or self._key is None or not self._key.exists():
            return
        self._slots.folder.mkdir(parents=True, exist_ok=True)
        self._slots.finish_interrupted()
        trial, returned = self._slots.trial, self._slots.returned
        self._handle(
            SoftwareBegan(
                spread_s=self._spread_s,
                trial=(trial["version"], trial["number"]) if trial else None,
                waiting=self._waiting(),
                returned=(returned["version"], returned["number"]) if returned else None,
                returned_reason=str(returned.get("reason", "")),
            )
        )

    def stop(self) -> None:
        """Cancel the download; the next one continues where this one ended."""
        if self._running:
            self._running.cancel()

    def _need(self) -> Slots:
        if self._slots is None:
            raise OSError("there is no folder for releases")
        return self._slots

    def _waiting(self) -> tuple[str, int] | None:
        from device.software.staging import staged

        found = staged(self._need()) if not self._need().trial else None
        about = _about(found[1]) if found else None
        is_newer = about is not None and about.number > self._number()
        return (about.version, about.number) if about and is_newer else None

    def _number(self) -> int:
        """Return the number of the current release or package."""
        from device.contract.release import number_of

        return number_of(VERSION)

    def _install(self, _effect: fx.InstallRelease, _state: State, _now: Now) -> None:
        from device.software.staging import staged

        slots = self._need()
        found = staged(slots)
        about = _about(found[1]) if found else None
        if found is None or about is None:
            self._handle(FetchEnded(reason="the release that was fetched is gone"))
            return
        slots.begin_trial(found[0], about.version, about.number)
        self._end()

    def _return(self, effect: fx.ReturnRelease, _state: State, _now: Now) -> None:
        self._need().go_back(effect.reason)
        self._end()

    def _fetch(self, effect: fx.FetchRelease, _state: State, _now: Now) -> None:
        self._running = asyncio.get_running_loop().create_task(self._run(effect.refused))

    async def _run(self, refused: tuple[int, ...]) -> None:
        try:
            fetched = await self._newest(refused)
        except _NotWanted as refusal:
            self._handle(FaultChanged(part="update", reason=str(refusal)))
            self._handle(ReleaseRefused(version=refusal.version, number=refusal.number, reason=str(refusal)))
        except (OSError, ValueError) as error:
            self._handle(FaultChanged(part="update", reason=f"it could not be fetched: {error}"))
            self._handle(FetchEnded(reason=str(error) or type(error).__name__))
        else:
            self._handle(FaultChanged(part="update", reason=""))
            self._handle(fetched)

    async def _newest(self, refused: tuple[int, ...]) -> Event:
        """Return the desk's newest release, downloaded. Raises ``_NotWanted`` and ``OSError``."""
        from device.software.staging import Staging, StagingFailed

        desk = await self._desk.open()
        offer = await desk.release(_arch(), self._number())
        if offer is None:
            return FetchEnded()
        manifest = await asyncio.to_thread(self._checked, offer)
        version, number = manifest.version, manifest.number
        if number in refused or self._waiting() == (version, number):
            return FetchEnded()
        try:
            staging = await asyncio.to_thread(
                Staging, self._need(), self._base, manifest, offer.manifest.encode()
            )
            while missing := staging.missing[:CHUNKS_AT_ONCE]:
                for sha256, packed in await desk.chunks(number, missing):
                    await asyncio.to_thread(staging.put, sha256, packed)
                    await asyncio.sleep(len(packed) / RATE_BYTES_S)
            await asyncio.to_thread(staging.assemble)
        except StagingFailed as error:
            raise OSError(str(error)) from None
        return ReleaseFetched(version=version, number=number)

    def _checked(self, offer: "ReleaseOffer") -> "Manifest":
        """Verify the offered release for this device. Raises ``_NotWanted``."""
        from device.contract.release import read_manifest

        key = self._key.read_bytes() if self._key else b""
        try:
            manifest = read_manifest(offer.manifest.encode(), offer.signature, key)
        except ContractError as error:
            raise _NotWanted(str(error)) from None
        if manifest.number <= self._number():
            why = "the release is older than what runs here"
            raise _NotWanted(why, manifest.version, manifest.number)
        if manifest.arch != _arch():
            raise _NotWanted(f"the release is for {manifest.arch}", manifest.version, manifest.number)
        return manifest


def _arch() -> str:
    return _ARCHITECTURES.get(platform.machine(), platform.machine())


def _about(manifest: Path) -> _About | None:
    try:
        return msgspec.json.decode(manifest.read_bytes(), type=_About)
    except (OSError, msgspec.MsgspecError):
        return None
