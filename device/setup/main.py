"""Starts the wizard with the adapters for the fitted hardware, as the core does."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from device.health.notify import ServiceManager
from device.media.camera import MovingBars, PictureSource, V4l2Camera
from device.settings import Settings, SettingsError
from device.setup.wizard import Wizard
from hal import adapters, fitting
from hal.board import SIMULATED, BoardConfig, BoardError, load_board
from hal.simulated import ControlServer

DEFAULT_WIDTH_MM = 217.0


def main() -> int:
    """Run until enrolled, SIGTERM or SIGINT; return 2 where the settings are invalid."""
    parser = argparse.ArgumentParser(
        prog="python -m device.setup", description="The wizard of the first start."
    )
    parser.add_argument("--settings", type=Path, required=True, help="the device's settings, TOML")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # It logs every request with its address.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = Settings.load(arguments.settings)
        fitted = load_board(settings.board) if settings.board else SIMULATED
    except (SettingsError, BoardError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(_run(settings, fitted))
    return 0


async def _run(settings: Settings, fitted: BoardConfig) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    hardware = fitting.build(fitted)
    control = ControlServer(settings.sim_socket, hardware) if settings.sim_socket else None
    wizard = Wizard(settings, hardware, width_mm=_width_mm(), camera=_camera(fitted))
    ServiceManager(os.environ.get("NOTIFY_SOCKET")).ready()
    try:
        await wizard.run(stop)
    finally:
        hardware.close()
        if control:
            control.close()


def _width_mm() -> float:
    """Return the panel's width as the window uses it."""
    try:
        return float(os.environ.get("KOTIRUUTU_WIDTH_MM", DEFAULT_WIDTH_MM))
    except ValueError:
        return DEFAULT_WIDTH_MM


def _camera(fitted: BoardConfig) -> PictureSource | None:
    match fitted.camera:
        case adapters.V4l2(device=device):
            return V4l2Camera(Path(device))
        case adapters.Simulated():
            return MovingBars()
    return None
