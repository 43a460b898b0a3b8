"""Validates a browser's offer before it is used."""

from aiortc import sdp
from aiortc.rtcicetransport import RTCIceCandidate
from msgspec import Struct

LARGEST_OFFER_CHARACTERS = 64_000
_MOST_CANDIDATES = 40
_CANDIDATES = ("a=candidate:", "a=end-of-candidates")


class UnusableOffer(Exception):
    """The offer cannot be used; the message says why."""


class Offer(Struct, frozen=True, kw_only=True):
    """A valid offer; ``text`` has no candidates: resolving host names in them would delay the answer."""

    text: str
    candidates: list[RTCIceCandidate]
    takes_picture: bool
    sends_picture: bool


def read(text: str) -> Offer:
    """Parse an offer: audio is required, video is optional. Raises ``UnusableOffer``."""
    if len(text) > LARGEST_OFFER_CHARACTERS:
        raise UnusableOffer(f"the offer has {len(text)} characters, more than {LARGEST_OFFER_CHARACTERS}")
    try:
        description = sdp.SessionDescription.parse(text)
    except Exception as error:  # noqa: BLE001 - aiortc's parser raises whatever its first failing step does
        raise UnusableOffer(f"the offer cannot be read ({type(error).__name__})") from None
    _check(description)
    picture = next((media for media in description.media if media.kind == "video"), None)
    return Offer(
        text="\r\n".join(line for line in text.splitlines() if not line.startswith(_CANDIDATES)) + "\r\n",
        candidates=_candidates(description),
        takes_picture=picture is not None and picture.direction in ("sendrecv", "recvonly"),
        sends_picture=picture is not None and picture.direction in ("sendrecv", "sendonly"),
    )


def _check(description: sdp.SessionDescription) -> None:
    kinds = [media.kind for media in description.media]
    if kinds.count("audio") != 1 or kinds.count("video") > 1 or set(kinds) - {"audio", "video"}:
        raise UnusableOffer(
            f"the offer has {', '.join(kinds)[:60] or 'nothing'}, not one sound and a picture"
        )
    parts, bundled = {media.rtp.muxId for media in description.media}, set(_bundle(description))
    if parts - bundled:
        raise UnusableOffer("the offer wants more than one connection")
    if bundled - parts:
        raise UnusableOffer("the offer bundles a part that it does not describe")
    for media in description.media:
        _check_one(media)


def _check_one(media: sdp.MediaDescription) -> None:
    # RFC 7742 and 7874: every browser has them.
    codec = "opus" if media.kind == "audio" else "vp8"
    if codec not in (each.name.lower() for each in media.rtp.codecs):
        raise UnusableOffer(f"the offer has no {codec} for its {media.kind}")
    if media.kind == "audio" and media.direction != "sendrecv":
        raise UnusableOffer("the offer's sound does not go both ways")
    if not media.ice or not media.ice.usernameFragment or not media.ice.password:
        raise UnusableOffer("the offer has no ICE credentials")
    if not media.dtls or not media.dtls.fingerprints:
        raise UnusableOffer("the offer has no fingerprint")
    if not media.rtcp_mux:
        raise UnusableOffer("the offer needs a port of its own for RTCP")


def _bundle(description: sdp.SessionDescription) -> list[int | str]:
    return next((group.items for group in description.group if group.semantic == "BUNDLE"), [])


def _candidates(description: sdp.SessionDescription) -> list[RTCIceCandidate]:
    """Return the candidates of the bundled connection, from its first description."""
    first = _bundle(description)[0]
    index = next(at for at, media in enumerate(description.media) if media.rtp.muxId == first)
    found = [each for each in description.media[index].ice_candidates if each.protocol.lower() == "udp"]
    for candidate in found:
        candidate.sdpMLineIndex = index
    return found[:_MOST_CANDIDATES]
