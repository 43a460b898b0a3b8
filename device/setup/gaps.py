"""Fetches what is missing in the desk's setup, authenticated with the new identity."""

import json
from datetime import datetime
from pathlib import Path

from device.contract.readiness import Gap
from device.link.https import DeskOverHttps
from device.settings import Identity


async def ask_for_gaps(folder: Path, now: datetime) -> tuple[Gap, ...] | None:
    """Return the gaps; None where the desk cannot be reached."""
    try:
        link = json.loads((folder / "link.json").read_bytes())
        identity = Identity(**link, folder=folder)
        return await DeskOverHttps(identity, lambda: now).missing()
    except (OSError, ValueError, TypeError):
        return None
