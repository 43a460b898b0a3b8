"""SCAIP messages (SS 91100) to an alarm receiving centre, and its answers. Pure.

``docs/scaip.md`` says for each field where its meaning and length are published.
"""

import re
import secrets
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 8_192
RECEIVED = 0
# Element, and its permitted values; in the order of the message.
REQUEST_FIELDS = {
    "ref": r"[0-9a-zA-Z]{1,16}",
    "ver": r"[0-9]{2}\.[0-9]{2}",
    "cha": r"[0-9]",
    "mty": r"ME|RE|IN|PI",
    "cid": r"[0-9]{1,16}",
    "dty": r"[0-9]{1,4}",
    "did": r".{1,8}",
    "crd": r".{1,256}",
    "stc": r"[0-9]{1,4}",
    "stt": r".{1,32}",
    "lco": r"[0-9]{1,3}",
    "lte": r".{1,32}",
}
MANDATORY = ("ref", "mty", "cid", "dty")
ANSWER_FIELDS = {"ref": r"[0-9a-zA-Z]{1,16}", "snu": r"[0-9]{1,5}", "ste": r".{0,128}"}

ALARM, INFORMATION, HEARTBEAT = "ME", "IN", "PI"
MANUAL_ALARM, BATTERY_LOW, MALFUNCTION, POWER_FAILURE = "0010", "0016", "0067", "0085"
TEST_PRIMARY, TEST_SECOND = "0102", "0103"
LOCAL_UNIT, PERSONAL_TRIGGER, FIXED_TRIGGER, CONTROLLER = "0002", "0003", "0004", "0045"
DEVICE_TYPES = {"screen": LOCAL_UNIT, "button": FIXED_TRIGGER, "pendant": PERSONAL_TRIGGER}
AT_HOME = "002"
NO_CALL_BACK, CALL_BACK = "0", "1"
# Without voice on this path, operators call the numbers that they have.
NO_VOICE = "no-voice:"


class Malformed(ValueError):
    """Not a SCAIP message; the text says why."""


@dataclass(frozen=True)
class Request:
    """One message to the centre; ``controller`` is the number by which the centre knows the resident.

    ``voice`` is the SIP address at which the centre may call the resident back; empty where it cannot.
    """

    ref: str
    controller: str
    status: str
    kind: str = ALARM
    device_type: str = LOCAL_UNIT
    text: str = ""
    voice: str = ""


@dataclass(frozen=True)
class Answer:
    """The centre's answer to the message ``ref``: only status 0 confirms it."""

    ref: str
    status: int
    text: str = ""

    @property
    def is_received(self) -> bool:
        """Return whether the centre has the message."""
        return self.status == RECEIVED


def new_ref() -> str:
    """Return an unguessable reference, which authenticates the answer."""
    return secrets.token_hex(8)


def build(request: Request) -> str:
    """Return the message as XML. Raises ``Malformed`` where a field is too long or invalid."""
    fields = {
        "ref": request.ref,
        "ver": "01.00",
        "cha": CALL_BACK if request.voice else NO_CALL_BACK,
        "mty": request.kind,
        "cid": request.controller,
        "dty": request.device_type,
        "crd": request.voice or NO_VOICE,
        "stc": request.status,
        "stt": _line(request.text, 32),
        "lco": AT_HOME,
    }
    root = Element("mrq")
    for tag, pattern in REQUEST_FIELDS.items():
        value = fields.get(tag, "")
        if not value and tag not in MANDATORY:
            continue
        if not re.fullmatch(pattern, value):
            raise Malformed(f"{tag} cannot be {value!r}")
        SubElement(root, tag).text = value
    return tostring(root, encoding="unicode")


def parse(body: str) -> Answer:
    """Parse the centre's answer. Raises ``Malformed``; the input is limited to a few bytes."""
    fields = _fields(body)
    for tag, pattern in ANSWER_FIELDS.items():
        if not re.fullmatch(pattern, fields.get(tag, ""), re.DOTALL):
            raise Malformed(f"{tag} is not as it should be")
    return Answer(fields["ref"], int(fields["snu"]), _line(fields.get("ste", ""), 128))


def _fields(body: str) -> dict[str, str]:
    if len(body.encode(errors="replace")) > MOST_BYTES:
        raise Malformed("too long")
    try:
        root = fromstring(body.strip().encode(errors="replace"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Malformed(f"not XML: {type(error).__name__}") from error
    if root.tag != "mrs":
        raise Malformed("not an answer")
    fields: dict[str, str] = {}
    for element in root:
        if element.tag in fields:
            raise Malformed(f"{element.tag} is there twice")
        fields[element.tag] = (element.text or "").strip()
    return fields


def _line(text: str, most: int) -> str:
    """Return one line of printable text."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:most]
