"""SIP calls of alarm centres through pjsua2: their sound goes to and from a ``Conversation``."""

import contextlib
import logging

import pjsua2

from cloud.partner.voice import BUSY, OK, RINGING, Conversation
from cloud.partner.voice_bridge import FRAME_BYTES, FRAME_S, RATE_HZ, Bridge

log = logging.getLogger(__name__)

MOST_CALLS = 8


class Calls:
    """The calls that go on; everything of pjsua2 happens in the thread that calls ``turn``."""

    def __init__(self) -> None:
        self._open: list[_CentreCall] = []

    def arrived(self, account: pjsua2.Account, prm: pjsua2.OnIncomingCallParam) -> None:
        """A centre calls; no exception may leave this callback."""
        call = _CentreCall(account, prm.callId)
        with contextlib.suppress(pjsua2.Error):
            if len(self._open) >= MOST_CALLS:
                _say(call, BUSY)
                return
            call.begin(call.getInfo().localUri, prm.rdata.srcAddress.rpartition(":")[0].strip("[]"))
        self._open.append(call)

    def turn(self) -> None:
        """Says what conversations want said, and forgets what is over."""
        for call in self._open:
            call.turn()
        self._open = [call for call in self._open if not call.is_over]

    def close(self) -> None:
        """Hang up every call between a centre and a screen."""
        for call in self._open:
            call.end()
        self._open.clear()


class _CentreCall(pjsua2.Call):  # type: ignore[misc]
    """One call; its sound begins when the screen has answered."""

    def __init__(self, account: pjsua2.Account, call_id: int) -> None:
        super().__init__(account, call_id)
        self._conversation: Conversation | None = None
        self._port: _Port | None = None
        self._is_disconnected = False

    @property
    def is_over(self) -> bool:
        """Whether neither end is there any more."""
        return self._is_disconnected and not (self._conversation and self._conversation.is_alive())

    def begin(self, called: str, source: str) -> None:
        """The desk looks up which alarm the call is for."""
        self._conversation = Conversation(called, source)
        self._conversation.start()

    def turn(self) -> None:
        """Says what the conversation wants said."""
        for code in self._conversation.codes() if self._conversation and not self._is_disconnected else ():
            with contextlib.suppress(pjsua2.Error):
                _say(self, code)

    def end(self) -> None:
        """Hangs up, and waits until the desk has noted it."""
        with contextlib.suppress(pjsua2.Error):
            self.hangup(pjsua2.CallOpParam())
        if self._conversation:
            self._conversation.hang_up()
            self._conversation.join(5)

    def onCallState(self, _prm: pjsua2.OnCallStateParam) -> None:  # noqa: N802
        with contextlib.suppress(pjsua2.Error):
            self._is_disconnected = self.getInfo().state == pjsua2.PJSIP_INV_STATE_DISCONNECTED
        if self._is_disconnected and self._conversation:
            self._conversation.hang_up()

    def onCallMediaState(self, _prm: pjsua2.OnCallMediaStateParam) -> None:  # noqa: N802
        bridge = self._conversation.bridge if self._conversation else None
        if bridge is None:
            return
        with contextlib.suppress(pjsua2.Error):
            sound = self.getAudioMedia(-1)
            if self._port is None:
                self._port = _Port(bridge)
            sound.startTransmit(self._port)
            self._port.startTransmit(sound)


class _Port(pjsua2.AudioMediaPort):  # type: ignore[misc]
    """Where the sound of a call enters and leaves pjsua2; called by its clock, every 20 ms."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        sound = pjsua2.MediaFormatAudio()
        sound.init(pjsua2.PJMEDIA_FORMAT_PCM, RATE_HZ, 1, int(FRAME_S * 1_000_000), 16)
        self.createPort("screen", sound)

    def onFrameRequested(self, frame: pjsua2.MediaFrame) -> None:  # noqa: N802
        frame.type = pjsua2.PJMEDIA_FRAME_TYPE_AUDIO
        frame.buf = pjsua2.ByteVector(self._bridge.to_centre.take())
        frame.size = FRAME_BYTES

    def onFrameReceived(self, frame: pjsua2.MediaFrame) -> None:  # noqa: N802
        if frame.type == pjsua2.PJMEDIA_FRAME_TYPE_AUDIO:
            self._bridge.to_screen.put(bytes(frame.buf))


def _say(call: pjsua2.Call, code: int) -> None:
    prm = pjsua2.CallOpParam()
    prm.statusCode = code
    if code in (RINGING, OK):
        call.answer(prm)
    else:
        call.hangup(prm)
