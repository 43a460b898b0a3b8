"""The resident's end of a call: scripted messages, real media."""

from dataclasses import dataclass
from typing import Any

import msgspec
from playwright.sync_api import Page

from device.contract import topics
from device.contract.commands import Command
from device.contract.events import CallAnswered, CallConnected
from device.contract.wire import Envelope
from tests.link.tablet import Tablet

TONE_HZ = 440

# A tone and a picture that moves, without asking anybody for a camera.
_ANSWER = """async ([offer, toneHz]) => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  tone.frequency.value = toneHz;
  const sound = context.createMediaStreamDestination();
  tone.connect(sound);
  tone.start();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 240];
  const paint = canvas.getContext("2d");
  let turn = 0;
  setInterval(() => {
    paint.fillStyle = `hsl(${(turn += 7) % 360} 80% 50%)`;
    paint.fillRect(0, 0, 320, 240);
  }, 100);
  const end = (window.end = new RTCPeerConnection());
  window.heard = new MediaStream();
  end.ontrack = ({ track }) => {
    window.heard.addTrack(track);
    if (track.kind !== "video") return;
    const screen = Object.assign(document.createElement("video"), { muted: true, autoplay: true });
    screen.srcObject = window.heard;
    document.body.append(screen);
  };
  await end.setRemoteDescription({ type: "offer", sdp: offer });
  for (const track of [...sound.stream.getTracks(), ...canvas.captureStream(10).getTracks()]) {
    end.addTrack(track, sound.stream);
  }
  await end.setLocalDescription(await end.createAnswer());
  await new Promise((done) => {
    const look = () => end.iceGatheringState === "complete" && done();
    end.addEventListener("icegatheringstatechange", look);
    setTimeout(done, 1000);
    look();
  });
  return end.localDescription.sdp;
}"""

# The strongest frequency of what this end hears, in Hz.
_HEARD = """async (stream) => {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 8192;
  context.createMediaStreamSource(stream).connect(ear);
  const loud = new Float32Array(ear.frequencyBinCount);
  let before = -1;
  for (let turn = 0; turn < 100; turn += 1) {
    await new Promise((done) => setTimeout(done, 100));
    ear.getFloatFrequencyData(loud);
    const at = loud.indexOf(Math.max(...loud));
    if (loud[at] > -60 && at === before) return (at * context.sampleRate) / ear.fftSize;
    before = loud[at] > -60 ? at : -1;
  }
  return 0;
}"""


@dataclass
class Room:
    """A device whose call process is a page of the browser."""

    page: Page
    tablet: Tablet

    def rings(self, kind: str = "ring") -> Any:
        """Waits until the device is asked; the command."""
        return msgspec.convert(self._asked(kind)["body"], type=Command)

    def falls_silent(self) -> None:
        """The network changes: nothing of the room comes any more, and nobody hangs up."""
        self.page.evaluate("for (const sender of window.end.getSenders()) sender.replaceTrack(null)")

    def is_dialled_again(self, call_id: str) -> Any:
        """Waits for the call that comes in place of this one; the command."""

        def replaces(envelope: Envelope) -> bool:
            return bool(msgspec.json.decode(envelope.body).get("replaces") == call_id)

        envelope = self.tablet.hear(topics.COMMAND, replaces)
        self.tablet.answer(envelope, "done")
        return msgspec.convert(msgspec.json.decode(envelope.body), type=Command)

    def answers(self, command: Any) -> None:
        """The resident takes the call."""
        self.page.goto("about:blank")
        answer = self.page.evaluate(_ANSWER, [command.offer, TONE_HZ])
        self.tablet.tell(CallAnswered(call_id=command.call_id, answer=answer))

    def is_connected(self, command: Any) -> None:
        """Waits until sound and picture come in, and says so."""
        self.page.wait_for_function("window.end.connectionState === 'connected'")
        self.page.wait_for_function("document.querySelector('video')?.videoWidth > 0")
        self.tablet.tell(CallConnected(call_id=command.call_id))

    def hears_hz(self) -> float:
        """What comes out of the speaker."""
        return float(self.page.evaluate(f"({_HEARD})(window.heard)"))

    def wait_for_command(self, kind: str, call_id: str) -> dict[str, Any]:
        """Waits for a command about this call; its body."""
        body: dict[str, Any] = self._asked(kind, call_id)["body"]
        return body

    def _asked(self, kind: str, call_id: str = "") -> dict[str, Any]:
        def fits(envelope: Envelope) -> bool:
            body = msgspec.json.decode(envelope.body)
            return body["kind"] == kind and call_id in ("", body["call_id"])

        envelope = self.tablet.hear(topics.COMMAND, fits)
        self.tablet.answer(envelope, "done")
        return {"body": msgspec.json.decode(envelope.body)}


def hears_hz(page: Page, player: str = "#stage video") -> float:
    """What the caller's page plays."""
    stream = f"document.querySelector('{player}').srcObject"
    return float(page.evaluate(f"({_HEARD})({stream})"))


def sees_the_room(page: Page, player: str = "#stage video") -> None:
    """Waits for the first picture on the caller's page, to within a few milliseconds."""
    page.evaluate(
        """(player) => new Promise((seen) => {
          const isSeen = () => document.querySelector(player)?.videoWidth > 0;
          const look = () => (isSeen() ? seen() : setTimeout(look, 5));
          look();
        })""",
        player,
    )
