"""A sound server without a loudspeaker, and a recorder at its output."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.link.waiting import eventually

RATE_HZ = 48_000
Samples = npt.NDArray[np.float64]


class SoundServer:
    """PulseAudio with one null output, whose monitor is the microphone."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "sound.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        modules = (
            f"module-native-protocol-unix socket={self.socket} auth-anonymous=1",
            f"module-null-sink sink_name=room rate={RATE_HZ} channels=1",
        )
        command = [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "-F",
            "/dev/null",
        ]
        for module in modules:
            command += ["-L", module]
        # Independent of the D-Bus and the configuration of the user who runs the tests.
        environment = {
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": str(self.socket.parent),
            "HOME": "/nonexistent",
        }
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self._answers, "the sound server answers")

    def kill(self) -> None:
        """Kill the server as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        done = subprocess.run(["pactl", "list", "short", "sinks"], capture_output=True, check=False)
        return b"room" in done.stdout


class Ear:
    """Records everything that is played after its creation."""

    def __init__(self) -> None:
        self._octets = bytearray()
        command = ["parec", "-d", "room.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=5"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._thread = threading.Thread(target=self._listen, daemon=True, name="ear")
        self._thread.start()
        eventually(lambda: len(self._octets), "the ear hears")

    def place(self) -> int:
        """Return the current position, as a count of samples."""
        return len(self._octets) // 2

    def heard_since(self, place: int) -> Samples:
        """Return the samples since a position, from -1 to 1."""
        octets = bytes(self._octets[2 * place : len(self._octets) // 2 * 2])
        return np.frombuffer(octets, dtype="<i2").astype(np.float64) / 32_768

    def listen(self, seconds: float) -> Samples:
        """Return the samples of the next seconds."""
        place = self.place()
        count = round(seconds * RATE_HZ)
        eventually(lambda: self.place() - place >= count, "enough was heard", seconds + 5)
        return self.heard_since(place)[:count]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout
        while octets := os.read(self._process.stdout.fileno(), 65_536):
            self._octets += octets


@contextlib.contextmanager
def ear() -> Iterator[Ear]:
    """Provide a recorder and close it afterwards."""
    it = Ear()
    try:
        yield it
    finally:
        it.close()


def dbfs(samples: Samples) -> float:
    return float(20 * np.log10(max(1e-6, np.sqrt(np.mean(samples**2)))))


def undisturbed(level_db: Callable[[], float]) -> float:
    """The loudest of four: a busy sound server leaves out some of a sound at times, which makes it softer."""
    return max(level_db() for _ in range(4))


def peak_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE_HZ / len(samples))


def band_dbfs(samples: Samples, hz: float) -> float:
    """Return the RMS level of a tone at ``hz`` in the recording."""
    window = np.hanning(len(samples))
    wave = np.exp(-2j * np.pi * hz * np.arange(len(samples)) / RATE_HZ)
    amplitude = 2 * abs(np.sum(samples * window * wave)) / np.sum(window)
    return float(20 * np.log10(max(1e-6, amplitude / np.sqrt(2))))


def first_sound(samples: Samples, above: float = 0.01) -> int | None:
    """Return the position of the first sample above the level, or None."""
    loud = np.flatnonzero(np.abs(samples) > above)
    return int(loud[0]) if len(loud) else None


def now_s() -> float:
    """Return monotonic seconds for the tests' time measurements."""
    return time.monotonic()
