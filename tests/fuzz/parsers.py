"""Every reader of outside data: its valid samples, and how it says no."""

import asyncio
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from PIL import Image

from cloud.base import tables
from cloud.calendar import _worker as calendar_worker
from cloud.calls import sdp
from cloud.calls.caller_requests import Some
from cloud.calls.errors import NotADescription
from cloud.partner import number_list, registrations, scaip, sheet
from cloud.people.photo import square_jpeg
from device.contract import topics
from device.contract.commands import Command
from device.contract.errors import ContractError
from device.contract.events import Received
from device.contract.wire import read, seal
from device.inbound import Unanswerable, understand
from device.media import framing, messages, offer
from device.window_protocol.messages import FromViewer, Hello
from docs.generate.types import contract_types, sample_files, wire_name
from hal import board, pdu
from hal.at_line import AtLine
from hal.at_questions import memories, registration, signal_dbm, sim
from hal.esp3 import ARE_YOU_THERE, Reader, read_rocker, write
from hal.ports import HardwareError
from tests.cloud.calls.callers import OFFER
from tests.device.story import NOON, Story
from tests.fuzz.letting_in import LETTING_IN
from tests.fuzz.parser import Parser
from tests.hal.scripted_modem import deliver_pdus

CASES = Path(__file__).parents[1] / "cloud" / "calendar_cases"
BOARD = Path(__file__).parents[2] / "systemd" / "etc" / "board.toml"
REAL_OFFER = Path(__file__).parent / "samples" / "offer.sdp"
PAGE = "3f0b9a52-1111-4222-8333-944455556666"


def _samples_of(*kinds: Any) -> dict[str, bytes]:
    return {
        wire_name(each): sample_files(each)[-1].read_bytes() for each in contract_types() if each in kinds
    }


_COMMANDS = [
    seal(msgspec.Raw(body), topics.COMMAND.type, sent_at=NOON, expires_at=NOON.replace(year=2027))  # type: ignore[arg-type]
    for body in _samples_of(*Command.__args__).values()
]
_DOCUMENTS = {
    channel: seal(msgspec.Raw(body), channel.type, sent_at=NOON)  # type: ignore[arg-type]
    for name, channel in topics.DESIRED.items()
    for wire, body in _samples_of(*contract_types()).items()
    if wire in (name, f"{name}-document")
}


def _read_by_a_tablet(channel: topics.Channel, payload: bytes) -> None:
    """As the core does: what it says goes through all rules, and the Screen is composed."""
    story = Story.of_aino()
    story.tell(
        *(each for each in understand(channel, payload, story.now) if not isinstance(each, Unanswerable))
    )
    story.wait(61)
    story.screen()


class _ModemThatSays:
    """Everything at once, whatever it was asked."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def write(self, _octets: bytes) -> None:
        pass

    def read(self, _seconds: float) -> bytes:
        said, self._octets = self._octets, b""
        return said


def _ask_modem(octets: bytes) -> None:
    for question in (sim, registration, signal_dbm, memories, _listen):
        try:
            question(AtLine(_ModemThatSays(octets), answer_s=0.0001))  # type: ignore[arg-type]
        except HardwareError:
            continue


def _listen(at: AtLine) -> None:
    """As the modem's thread does with what nobody has asked for."""
    at.listen(0.0001)
    for _head, body in at.unasked:
        with suppress(pdu.PduError):
            pdu.read(body)


def _frames(octets: bytes) -> None:
    async def read_all() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(octets)
        reader.feed_eof()
        while await framing.read(reader, msgspec.json.Decoder(messages.ToMedia)):
            pass

    asyncio.run(read_all())


def _pictures() -> list[bytes]:
    found = []
    for form in ("JPEG", "PNG", "WEBP", "HEIF"):
        out = BytesIO()
        Image.linear_gradient("L").resize((24, 32)).convert("RGB").save(out, form)
        found.append(out.getvalue())
    return found


def _rockers(octets: bytes) -> list[object]:
    return [read_rocker(packet) for packet in Reader().read(octets)]


def _table_of_contacts() -> list[bytes]:
    row = ["Aino Aalto", "Leena Virtanen", "+358401234567", "", "leena@example.org"]
    return ["\n".join((mark.join(sheet.COLUMNS), mark.join(row))).encode() for mark in ";,\t"]


def _board(octets: bytes) -> None:
    path = Path("build") / "fuzz-board.toml"
    path.write_bytes(octets)
    board.load_board(path)


PARSERS = (
    *(
        Parser(
            name=f"document-{channel.suffix.rpartition('/')[2]}",
            samples=[sample],
            parse=partial(_read_by_a_tablet, channel),
            in_tests=400,
        )
        for channel, sample in _DOCUMENTS.items()
    ),
    Parser(
        name="command",
        samples=_COMMANDS,
        parse=partial(_read_by_a_tablet, topics.COMMAND),
        in_tests=1000,
    ),
    Parser(
        name="receipt",
        samples=[seal(Received(ids=[PAGE]), topics.RECEIVED.type, sent_at=NOON)],
        parse=partial(_read_by_a_tablet, topics.RECEIVED),
        in_tests=300,
    ),
    *LETTING_IN,
    Parser(
        name="screen-socket",
        samples=[msgspec.json.encode(Hello(role="window"))],
        parse=msgspec.json.Decoder(FromViewer).decode,
        refusals=(msgspec.DecodeError, UnicodeDecodeError, RecursionError),
    ),
    Parser(
        name="media-socket",
        samples=[
            framing.packed(messages.Prepare(call_id="a", offer=OFFER)),
            framing.packed(messages.ShowPicture(how="clear")),
        ],
        parse=_frames,
        refusals=(framing.NotOurs,),
    ),
    Parser(
        name="offer-at-the-tablet",
        samples=[REAL_OFFER.read_bytes()],
        parse=lambda octets: offer.read(octets.decode(errors="replace")),
        refusals=(offer.UnusableOffer,),
    ),
    Parser(
        name="offer-at-the-desk",
        samples=[REAL_OFFER.read_bytes()],
        parse=lambda octets: sdp.checked(octets.decode(errors="replace")),
        refusals=(NotADescription,),
    ),
    Parser(
        name="sms-pdu",
        samples=[each.encode() for each in deliver_pdus("+358401234567", "Tulen heti. " * 30)],
        parse=lambda octets: pdu.read(octets.decode(errors="replace")),
        refusals=(pdu.PduError,),
    ),
    Parser(
        name="at-lines",
        samples=[
            b"\r\n+CPIN: READY\r\n\r\nOK\r\n",
            b"\r\n+CREG: 0,1\r\n\r\nOK\r\n",
            b"\r\n+CSQ: 17,99\r\n\r\nOK\r\n",
            b'\r\n+CPMS: ("SM","ME"),("SM"),("SM")\r\n\r\nOK\r\n\r\n+CMTI: "ME",1\r\n',
            b"\r\n+CMT: ,30\r\n%s\r\n" % deliver_pdus("+358401234567", "Tulen 1234")[0].encode(),
        ],
        parse=_ask_modem,
    ),
    Parser(
        name="esp3",
        samples=[ARE_YOU_THERE, write(1, bytes.fromhex("F61001020304 30"), bytes.fromhex("01FFFFFFFF2D00"))],
        parse=_rockers,
    ),
    Parser(
        name="calendar",
        samples=[path.read_bytes() for path in sorted(CASES.glob("*.ics"))],
        parse=calendar_worker.read_file,
        # It has a process of its own, where whatever a library raises is "unreadable": here time counts.
        refusals=(Exception,),
        in_tests=500,
    ),
    Parser(
        name="photo",
        samples=_pictures(),
        parse=lambda octets: square_jpeg(BytesIO(octets), len(octets)),
        # Pillow's warning is an error in tests alone; elsewhere the picture is refused by its size.
        refusals=(ValidationError, Image.DecompressionBombWarning),
    ),
    Parser(
        name="contacts-sheet",
        samples=_table_of_contacts(),
        parse=sheet.read,
        refusals=(tables.Unreadable,),
    ),
    Parser(
        name="list-of-registrations",
        samples=[b"1001;Aino\n1002;Eino\n"],
        parse=lambda octets: registrations.read(octets.decode(errors="replace")),
        refusals=(number_list.NotAList,),
    ),
    Parser(
        name="alarm-answer",
        samples=[b"<mrs><ref>abc</ref><snu>0</snu><ste>ok</ste></mrs>"],
        parse=lambda octets: scaip.parse(octets.decode(errors="replace")),
        refusals=(scaip.Malformed,),
    ),
    Parser(
        name="caller-request",
        samples=[f'{{"page": "{PAGE}", "calls": ["1"]}}'.encode(), f'{{"page": "{PAGE}"}}'.encode()],
        parse=lambda octets: read(octets, Some),
        refusals=(ContractError,),
    ),
    Parser(
        name="board-file",
        samples=[BOARD.read_bytes()],
        parse=_board,
        refusals=(board.BoardError,),
    ),
)
