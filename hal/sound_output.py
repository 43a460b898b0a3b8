"""Whether sound really leaves the device: libvlc goes on "playing" into a sound server that has died."""

import os
from pathlib import Path
from typing import Any, Literal, Protocol

OutputName = Literal["pulse", "alsa"]


class Output(Protocol):
    """Where libvlc sends its samples."""

    def fault(self) -> str:
        """Called while something plays: empty if it is taken and audible, otherwise what is wrong."""

    def close(self) -> None:
        """Let go."""


class PulseOutput:
    """PulseAudio, or PipeWire in its place. Used from one thread."""

    def __init__(self) -> None:
        import pulsectl

        self._library: Any = pulsectl
        self._pulse: Any = None

    def fault(self) -> str:
        """Asks the server for the streams of this process and the sinks that they go to."""
        try:
            self._pulse = self._pulse or self._library.Pulse("kotiruutu-watch")
            ours = [
                stream
                for stream in self._pulse.sink_input_list()
                if stream.proplist.get("application.process.id") == str(os.getpid()) and not stream.corked
            ]
            sinks = {sink.index: sink for sink in self._pulse.sink_list()}
        except (self._library.PulseError, OSError) as error:
            self.close()
            return f"the sound server does not answer: {error}"
        if not ours:
            return "the sound server gets no sound from the player"
        return _silenced(sinks[ours[0].sink]) if ours[0].sink in sinks else "the sound goes to no output"

    def close(self) -> None:
        """Leave the server."""
        pulse, self._pulse = self._pulse, None
        if pulse:
            pulse.close()


class AlsaOutput:
    """The kernel's own word: ``/proc/asound/card*/pcm*p/sub*/status``."""

    def __init__(self, proc: Path = Path("/proc/asound")) -> None:
        self._proc = proc

    def fault(self) -> str:
        """Whether any output runs."""
        states = [path.read_text() for path in self._proc.glob("card*/pcm*p/sub*/status")]
        if not states:
            return "there is no sound card"
        return "" if any("RUNNING" in state for state in states) else "no sound card takes the sound"

    def close(self) -> None:
        """Nothing to let go."""


def output(name: OutputName) -> Output:
    """By its name. Raises ``OSError`` where the library of the sound server is not there."""
    return PulseOutput() if name == "pulse" else AlsaOutput()


def _silenced(sink: Any) -> str:
    """A sink that somebody turned off."""
    if sink.mute:
        return "the output is muted in the sound server"
    if not max(sink.volume.values, default=0.0):
        return "the output's volume is 0 in the sound server"
    return ""
