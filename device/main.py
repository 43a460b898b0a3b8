"""The core process: chooses adapters, starts everything in order and stops it in reverse."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from device.retirement import RetiredTablet, forget_networks
from device.retirement_record import NAME as RETIREMENT_RECORD
from device.retirement_record import read_retirement_record
from device.settings import Identity, Settings, SettingsError
from device.tablet import Tablet
from hal import fitting
from hal.board import SIMULATED, BoardConfig, BoardError, load_board, with_pendants
from hal.ports import Clock
from hal.simulated import ControlServer
from hal.system_clock import SystemClock


def main() -> int:
    """Run until SIGTERM or SIGINT; return 2 where the settings are invalid."""
    parser = argparse.ArgumentParser(prog="python -m device", description="The core of a Kotiruutu tablet.")
    parser.add_argument("--settings", type=Path, required=True, help="the device's settings, TOML")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.load(arguments.settings)
        record = read_retirement_record(settings.identity_dir)
        if record and record.is_confirmed:
            if settings.owns_networks:
                # Power may have failed before this was done.
                asyncio.run(forget_networks())
            # The installer has seen it, and the device can be enrolled again: it is blank.
            (settings.identity_dir / RETIREMENT_RECORD).unlink()
            record = None
        identity = None if record else settings.identity()
        board = load_board(settings.board) if settings.board else SIMULATED
        board = with_pendants(board, settings.learnt_pendants)
    except (SettingsError, BoardError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(_run(settings, identity, board))
    return 0


async def _run(settings: Settings, identity: Identity | None, board: BoardConfig) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    is_synchronised = (lambda: True) if settings.clock == "trusted" else None
    clock = SystemClock(is_synchronised, settings.data_dir / "clock")
    if identity:
        await _run_in_use(settings, identity, board, clock, stop)
    if record := read_retirement_record(settings.identity_dir):
        stop.clear()
        await RetiredTablet(settings, record, clock).run(stop)


async def _run_in_use(
    settings: Settings, identity: Identity, board: BoardConfig, clock: Clock, stop: asyncio.Event
) -> None:
    hardware = fitting.build(board)
    control = ControlServer(settings.sim_socket, hardware) if settings.sim_socket else None
    try:
        await Tablet(settings, identity, clock, hardware).run(stop)
    finally:
        hardware.close()
        if control:
            control.close()
