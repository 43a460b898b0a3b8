"""The media server: chooses camera and sound by what is fitted, and serves calls."""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from device.health.notify import ServiceManager
from device.media import hardening, process
from device.media.call import Call
from device.media.camera import MovingBars, PictureSource, V4l2Camera
from device.media.messages import FromMedia
from device.media.server import MediaServer
from device.media.sound import PortAudioSound, SimulatedSound, Sound
from device.media.table import Table
from device.settings import Settings, SettingsError
from hal import adapters
from hal.board import SIMULATED, BoardConfig, BoardError, load_board


def main() -> int:
    """Run until SIGTERM or SIGINT; return 2 where the settings are invalid."""
    parser = argparse.ArgumentParser(prog="python -m device.media", description="Carries a tablet's calls.")
    parser.add_argument("--settings", type=Path, required=True, help="the device's settings, TOML")
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
    )
    # It logs every candidate and every check.
    logging.getLogger("aioice").setLevel(logging.WARNING)
    try:
        settings = Settings.load(arguments.settings)
        fitted = load_board(settings.board) if settings.board else SIMULATED
    except (SettingsError, BoardError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    hardening.notice_a_dead_end_soon()

    def make_call(frames: Path, tell: Callable[[FromMedia], None]) -> Call:
        return Call(_sound(fitted), _camera(fitted), frames, tell)

    def make_table(frames: Path, tell: Callable[[FromMedia], None]) -> Table:
        return Table(_sound(fitted), _camera(fitted), frames, tell)

    manager = ServiceManager(os.environ.get("NOTIFY_SOCKET"))
    MediaServer(
        settings.media_socket,
        lambda connection, frames: process.run(connection, frames, make_call, make_table),
        manager,
    ).run()
    return 0


def _camera(fitted: BoardConfig) -> PictureSource | None:
    match fitted.camera:
        case adapters.V4l2(device=device):
            return V4l2Camera(Path(device))
        case adapters.Simulated():
            return MovingBars()
        case None:
            return None


def _sound(fitted: BoardConfig) -> Sound:
    """Return microphone and loudspeaker together: echo cancellation needs both."""
    if isinstance(fitted.microphone, adapters.Simulated) or isinstance(fitted.speaker, adapters.Simulated):
        return SimulatedSound()
    return PortAudioSound(
        microphone=fitted.microphone.device if fitted.microphone else None, speaker=fitted.speaker is not None
    )
