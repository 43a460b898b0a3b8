"""Fetches what is missing in the desk's setup, authenticated with the new identity."""

import json
from datetime import datetime
from pathlib import Path

from device.contract.readiness import Gap
from device.link.https import DeskOverHttps
from device.settings import Identity


async def ask_for_gaps(folder: Path, now: datetime, *, is_clock_trusted: bool) -> tuple[Gap, ...] | None:
    """Return the gaps; None where the desk cannot be reached."""
    try:
        link = json.loads((folder / "link.json").read_bytes())
        identity = Identity(**link, folder=folder)
        desk = DeskOverHttps(identity, lambda: now, is_clock_trusted=is_clock_trusted)
        if not is_clock_trusted:
            there = await desk.time()
            desk = DeskOverHttps(identity, lambda: there, is_clock_trusted=is_clock_trusted)
        return await desk.missing()
    except (OSError, ValueError, TypeError):
        return None
