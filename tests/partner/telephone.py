"""An operator's telephone at an alarm centre: baresip, which says one tone and keeps what it hears."""

import math
import struct
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE_HZ = 8000
TONE_HZ = 880
_CONFIG = """
audio_player aubridge,nowhere
audio_source aufile,{folder}/tone.wav
audio_alert aubridge,nowhere
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
sip_listen 127.0.0.1:{port}
{tls}
module_path /usr/lib/baresip/modules
module g711.so
module srtp.so
module aufile.so
module aubridge.so
module sndfile.so
module account.so
module menu.so
snd_path {folder}
"""


@dataclass
class Telephone:
    """A call that was dialled."""

    folder: Path
    process: subprocess.Popen[bytes]

    def said(self) -> str:
        """What baresip has written of the call."""
        return (self.folder / "log").read_text(errors="replace")

    def heard_hz(self) -> float:
        """The strongest frequency of the last second that was heard; 0 before anything was."""
        recorded = sorted(self.folder.glob("dump-*-dec.wav"))
        if not recorded:
            return 0.0
        return strongest_hz(_samples(recorded[-1])[-RATE_HZ:], RATE_HZ)


def strongest_hz(sound: np.ndarray, rate_hz: int) -> float:
    """The strongest frequency of some sound; 0 where it is silent or too short."""
    if len(sound) < rate_hz // 4 or np.abs(sound).max() < 500:
        return 0.0
    loud = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(loud) * rate_hz / len(sound))


@contextmanager
def telephone(
    folder: Path, port: int, called: str, trusted: Path | None = None, own: str = ""
) -> Iterator[Telephone]:
    """Dials, and hangs up at the end; with an authority to trust, encrypted or not at all.

    ``own`` is the telephone's certificate with its key, in PEM.
    """
    folder.mkdir()
    _write_tone(folder / "tone.wav")
    (folder / "own.pem").write_text(own)
    tls = f"sip_cafile {trusted}\nsip_certificate {folder}/own.pem" if trusted else ""
    (folder / "config").write_text(_CONFIG.format(folder=folder, port=port, tls=tls))
    safe = (";transport=tls", ";mediaenc=srtp-mand") if trusted else ("", "")
    account = f"<sip:operator@127.0.0.1:{port}{safe[0]}>;regint=0;audio_codecs=PCMA/8000/1{safe[1]}\n"
    (folder / "accounts").write_text(account)
    command = ["baresip", "-f", str(folder), "-e", f"/dial {called}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Telephone(folder, process)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _samples(file: Path) -> np.ndarray:
    """What is in a file that is still being written: its header does not say its length yet."""
    content = file.read_bytes()[44:]
    return np.frombuffer(content[: len(content) // 2 * 2], dtype="<i2")


def _write_tone(file: Path) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        turns = (2 * math.pi * TONE_HZ * at / RATE_HZ for at in range(RATE_HZ * 60))
        out.writeframes(b"".join(struct.pack("<h", int(12_000 * math.sin(turn))) for turn in turns))
