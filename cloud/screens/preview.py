"""The preview of a screen before it is sent (K9): rendered by the device's own code, in its own process."""

import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.utils import timezone
from msgspec import Struct

from cloud.devices.documents import compose
from cloud.devices.models import Device
from cloud.people.models import Photo
from cloud.screens.compose import view_document
from cloud.screens.models import ResidentView
from device.contract.documents import People

# The resolution of a ten-inch tablet.
PANEL = ("--width-px", "1280", "--height-px", "800", "--width-mm", "217")
PATIENCE_S = 20.0
# Rendering keeps one core busy for a second.
_one_at_a_time = threading.Semaphore(1)


class PreviewFailed(Exception):
    """There is no picture; the text says why, for the desk's log."""


@dataclass(frozen=True)
class Preview:
    """A PNG of the screen, and the texts that do not fit on it."""

    png: bytes
    cut: list[str]


class _Cut(Struct):
    text: str


class _Report(Struct):
    cut: list[_Cut]


def preview(device: Device, view: ResidentView) -> Preview:
    """Return this device's screen with this view, saved or not. Raises ``PreviewFailed``."""
    documents = compose(device) | {"view": view_document(view)}
    with tempfile.TemporaryDirectory() as folder, _one_at_a_time:
        wanted = {
            "at": timezone.now(),
            "documents": documents,
            "photos": _photos(documents["people"], Path(folder)),
        }
        screen = _run("device.screen.preview", (), msgspec.json.encode(wanted)).stdout
        drawn = _run("kiosk_ui.picture", PANEL, screen)
    return Preview(drawn.stdout, _cut(drawn.stderr))


def _run(module: str, arguments: tuple[str, ...], given: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PreviewFailed(str(error)) from None
    if done.returncode or not done.stdout:
        raise PreviewFailed(f"{module}: {done.stderr.decode(errors='replace')[-500:]}")
    return done


def _photos(people: object, folder: Path) -> dict[str, str]:
    wanted = {each.photo for each in people.contacts} if isinstance(people, People) else set()
    paths = {}
    for photo in Photo.objects.filter(sha256__in=wanted):
        path = folder / photo.sha256
        path.write_bytes(bytes(photo.data))
        paths[photo.sha256] = str(path)
    return paths


def _cut(complaints: bytes) -> list[str]:
    for line in complaints.splitlines():
        if line.startswith(b'{"name"'):
            return [cut.text for cut in msgspec.json.decode(line, type=_Report).cut]
    return []
