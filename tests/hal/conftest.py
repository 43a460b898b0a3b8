from collections.abc import Iterator

import pytest

from hal.vlc_speaker import VlcSpeaker
from tests.hal.sound_room import Ear, SoundServer, ear

# PortAudio speaks ALSA; this leads it to the sound server.
ASOUND = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


@pytest.fixture(scope="session")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """Start the sound server that every sound library in this process connects to."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "asound.conf").write_text(ASOUND)
    server = SoundServer(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", f"unix:{server.socket}")
        patch.setenv("PULSE_SOURCE", "room.monitor")
        patch.setenv("ALSA_CONFIG_PATH", f"/usr/share/alsa/alsa.conf:{folder / 'asound.conf'}")
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture(scope="session")
def room(sound_server: SoundServer) -> Iterator[Ear]:
    """Record what is played in the room."""
    with ear() as it:
        yield it


@pytest.fixture(scope="session")
def vlc_speaker(sound_server: SoundServer) -> Iterator[VlcSpeaker]:
    """Provide a libvlc speaker that plays into the room."""
    speaker = VlcSpeaker("pulse")
    yield speaker
    speaker.close()
