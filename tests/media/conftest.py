"""Fixtures for calls: a room with loudspeaker and microphone, a media server in it, and browsers."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.hal.conftest import ASOUND
from tests.hal.sound_room import Ear, SoundServer, ear
from tests.link.waiting import eventually
from tests.media.caller import CHROMIUM, FLAGS, Caller
from tests.media.core_end import BARS, REAL_SOUND, SIMULATED_SOUND, CoreCall, CoreEnd, MediaServer
from tests.media.coturn import relay

__all__ = ["relay"]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Provide a folder with a path short enough for a Unix socket (unix(7))."""
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def room_sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment whose microphone records ``mouth`` and whose loudspeaker plays into ``room``."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "asound.conf").write_text(ASOUND)
    server = SoundServer(folder)
    surroundings = {
        "PULSE_SERVER": f"unix:{server.socket}",
        "PULSE_SINK": "room",
        "PULSE_SOURCE": "mouth.monitor",
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder / 'asound.conf'}",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", surroundings["PULSE_SERVER"])
        try:
            server.start()
            mouth = [
                "pactl",
                "load-module",
                "module-null-sink",
                "sink_name=mouth",
                "rate=48000",
                "channels=1",
            ]
            subprocess.run(mouth, check=True, stdout=subprocess.DEVNULL)
            yield surroundings
        finally:
            server.kill()


@pytest.fixture(scope="package")
def room(room_sound: dict[str, str]) -> Iterator[Ear]:
    """Record what is played in the room."""
    with ear() as it:
        yield it


@pytest.fixture(scope="package")
def shared_server() -> Iterator[MediaServer]:
    """Start a media server with a test pattern for a camera, and a room that beeps."""
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        server = MediaServer(Path(folder), SIMULATED_SOUND + BARS)
        yield server
        server.stop()


@pytest.fixture
def server(shared_server: MediaServer) -> Iterator[MediaServer]:
    """Provide the shared server and check that the test leaves no call."""
    yield shared_server
    eventually(lambda: not shared_server.calls and not shared_server.leftovers, "no call goes on")


@pytest.fixture
def mortal_server(short_path: Path) -> Iterator[MediaServer]:
    """Start a server that the test may kill."""
    server = MediaServer(short_path, SIMULATED_SOUND + BARS)
    yield server
    server.stop()


@pytest.fixture
def core(server: MediaServer) -> Iterator[CoreEnd]:
    core = CoreEnd(server)
    yield core
    core.close()


@pytest.fixture
def mortal_core(mortal_server: MediaServer) -> Iterator[CoreEnd]:
    core = CoreEnd(mortal_server)
    yield core
    core.close()


@pytest.fixture
def call(core: CoreEnd) -> CoreCall:
    return core.call()


@pytest.fixture
def sounding(room_sound: dict[str, str], short_path: Path) -> Iterator[MediaServer]:
    """Start a server that uses the system's audio."""
    server = MediaServer(short_path, REAL_SOUND + BARS, room_sound)
    yield server
    server.stop()


@pytest.fixture
def sounding_call(sounding: MediaServer) -> Iterator[CoreCall]:
    core = CoreEnd(sounding)
    yield core.call()
    core.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, without audible sound."""
    with sync_playwright() as playwright:
        surroundings: dict[str, str | float | bool] = {
            key: value for key, value in os.environ.items() if not key.startswith("PULSE")
        }
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=surroundings)
        yield browser
        browser.close()


@pytest.fixture
def caller(browser: Browser) -> Iterator[Caller]:
    page = browser.new_page()
    yield Caller(page)
    page.close()
