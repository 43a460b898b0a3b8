"""Detects whether sound leaves the device: libvlc keeps "playing" into a sound server that has died."""

import os
from pathlib import Path
from typing import Any, Literal, Protocol

OutputName = Literal["pulse", "alsa"]


class Output(Protocol):
    """The output to which libvlc sends its samples."""

    def fault(self) -> str:
        """Return the fault of the output while something plays; empty if it is consumed and audible."""

    def close(self) -> None:
        """Close the connection to the sound server, where there is one."""


class PulseOutput:
    """Queries PulseAudio or PipeWire. For use from one thread."""

    def __init__(self) -> None:
        import pulsectl

        self._library: Any = pulsectl
        self._pulse: Any = None

    def fault(self) -> str:
        """Check this process's streams at the server and the sinks they go to."""
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
        """Disconnect from the sound server; a second time does nothing."""
        pulse, self._pulse = self._pulse, None
        if pulse:
            pulse.close()


class AlsaOutput:
    """Reads ALSA's status files: ``/proc/asound/card*/pcm*p/sub*/status``."""

    def __init__(self, proc: Path = Path("/proc/asound")) -> None:
        self._proc = proc

    def fault(self) -> str:
        """Return a fault where no output is running."""
        states = [path.read_text() for path in self._proc.glob("card*/pcm*p/sub*/status")]
        if not states:
            return "there is no sound card"
        return "" if any("RUNNING" in state for state in states) else "no sound card takes the sound"

    def close(self) -> None:
        """Do nothing: no resource is open."""


def output(name: OutputName) -> Output:
    """Return the output of that name. Raises ``OSError`` without the sound server's library."""
    return PulseOutput() if name == "pulse" else AlsaOutput()


def _silenced(sink: Any) -> str:
    """Return a fault where the sink is muted or turned down."""
    if sink.mute:
        return "the output is muted in the sound server"
    if not max(sink.volume.values, default=0.0):
        return "the output's volume is 0 in the sound server"
    return ""
