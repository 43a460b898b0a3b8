import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hal import gsm_text, pdu
from hal.gsm_text import Coding
from hal.pdu import Deliver, Fate, StatusReport
from hal.ports import SmsReceived
from hal.sms_ledger import Incoming
from tests.examples import examples
from tests.hal.scripted_modem import CENTRE, deliver_pdus, read_submit, report_pdu

ANY_TEXT = st.text(max_size=1000)
GSM_TEXT = st.text(st.sampled_from("aäöåÄÖÅæøéñ@$£{}[]~|\\^€ \n1"), max_size=1000)
NUMBERS = st.from_regex(r"\A\+?[1-9][0-9]{4,14}\Z")


def through_the_network(text: str) -> str:
    """Encode and decode a text, its segments in reverse order."""
    ledger = Incoming()
    events: list[SmsReceived] = []
    for body in reversed(deliver_pdus("+358401234567", text)):
        read = pdu.read(body)
        assert isinstance(read, Deliver)
        events += ledger.received(read, "", 0.0)[0]
    assert len(events) == 1
    return events[0].text


@settings(max_examples=examples(70))
@given(ANY_TEXT | GSM_TEXT, NUMBERS)
def test_what_is_sent_is_what_was_written(text: str, number: str) -> None:
    """Any text in any script, emoji too, of any length, to any number: segments of at most 140 octets."""
    parts = [read_submit(part.hex) for part in pdu.submit(number, text, 9)]
    assert {to for to, _ in parts} == {number}
    assert all(len(part.hex) // 2 - 1 == part.length for part in pdu.submit(number, text, 9))
    units = b"".join(part.units for _, part in parts)
    assert gsm_text.decode(parts[0][1].coding, units) == text
    assert "".join(part.text for _, part in parts) == text  # no character is cut in two


@settings(max_examples=examples(70))
@given(ANY_TEXT | GSM_TEXT)
def test_what_comes_in_is_what_was_written(text: str) -> None:
    """In any order of the segments."""
    assert through_the_network(text) == text


@given(st.text(max_size=400))
def test_noise_is_refused_in_words(noise: str) -> None:
    """Any noise on the line raises ``PduError``."""
    with pytest.raises(pdu.PduError):
        pdu.read(noise + "x")


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    """Any octets are parsed or raise ``PduError``."""
    try:
        read = pdu.read(octets.hex())
    except pdu.PduError:
        return
    assert isinstance(read, Deliver | StatusReport)


@pytest.mark.requirement("M5")
@pytest.mark.parametrize(
    ("character", "fit"),
    [
        ("ä", 160),
        ("ö", 160),
        ("å", 160),
        ("Å", 160),
        ("æ", 160),
        ("ø", 160),
        ("é", 160),
        ("€", 80),
        ("õ", 70),
    ],
)
def test_how_much_fits_one_message(character: str, fit: int) -> None:
    """Finnish, Swedish and Danish fit 160, the euro takes two of them, Estonian needs UCS-2."""
    assert len(pdu.submit("+358401234567", character * fit, 0)) == 1
    assert len(pdu.submit("+358401234567", character * (fit + 1), 0)) == 2


@pytest.mark.parametrize(("character", "a_part"), [("ä", 153), ("€", 76), ("õ", 67), ("😀", 33)])
def test_how_much_fits_a_part(character: str, a_part: int) -> None:
    """An escape or a surrogate pair is never cut in two."""
    assert len(pdu.submit("+358401234567", character * (3 * a_part), 0)) == 3
    assert len(pdu.submit("+358401234567", character * (3 * a_part + 1), 0)) == 4


def test_an_escape_is_no_way_into_the_text() -> None:
    """The escape character itself is sent in UCS-2."""
    assert through_the_network("a\x1bb") == "a\x1bb"


def test_a_known_message_in() -> None:
    """A message that is printed in many manuals."""
    body = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
    read = pdu.read(body)
    assert isinstance(read, Deliver)
    assert (read.number, read.text) == ("+31641600986", "How are you?")
    assert read.sent_at is not None
    assert read.sent_at.isoformat() == "2002-08-26T19:37:41-05:00" or read.sent_at.utcoffset() is not None


def test_a_known_message_out() -> None:
    """``hellohello`` packs to the same ten septets everywhere."""
    (part,) = pdu.submit("+46708251358", "hellohello", 0)
    assert part.hex.endswith("0AE8329BFD4697D9EC37")
    assert "0B916407281553F8" in part.hex


def test_a_name_instead_of_a_number() -> None:
    """Operators send from alphanumeric addresses (TS 23.040, 9.1.2.5)."""
    octets = f"{CENTRE}040DD0{gsm_text.pack(b'DNA Oyj').hex()}00006211210200008002E834"
    read = pdu.read(octets)
    assert isinstance(read, Deliver)
    assert (read.number, read.text) == ("DNA Oyj", "hi")


def test_a_time_that_is_none_loses_no_message() -> None:
    """A message with an invalid timestamp is still delivered."""
    body = deliver_pdus("+358401234567", "tulossa")[0].replace("62112102000080", "FFFFFFFFFFFFFF")
    read = pdu.read(body)
    assert isinstance(read, Deliver)
    assert (read.text, read.sent_at) == ("tulossa", None)


@pytest.mark.parametrize(
    ("status", "fate"),
    [(0x00, Fate.DELIVERED), (0x30, Fate.TRYING), (0x46, Fate.FAILED), (0x62, Fate.FAILED)],
)
def test_a_report_says_what_became_of_it(status: int, fate: Fate) -> None:
    """As TS 23.040, 9.2.3.15 specifies."""
    assert pdu.read(report_pdu(9, "+358401234567", status)) == StatusReport(9, "+358401234567", fate, status)


def test_a_book_is_refused() -> None:
    """More than 255 segments raise ``PduError``."""
    with pytest.raises(pdu.PduError, match="too long"):
        pdu.submit("+358401234567", "a" * 50_000, 0)


def test_parts_that_never_end_do_not_fill_the_memory() -> None:
    """The newest message can still be joined."""
    ledger = Incoming()
    for reference in range(60):
        read = pdu.read(deliver_pdus("+358401234567", "a" * 200, reference)[0])
        assert isinstance(read, Deliver)
        ledger.received(read, "", 0.0)
    last = pdu.read(deliver_pdus("+358401234567", "a" * 200, 59)[1])
    assert isinstance(last, Deliver)
    assert [event.text for event in ledger.received(last, "", 0.0)[0]] == ["a" * 200]


def test_eight_bit_data_is_shown_as_it_is() -> None:
    """It is unusual for text, but must not be lost."""
    read = pdu.read(deliver_pdus("+358401234567", "x")[0].replace("00006211", "00046211"))
    assert isinstance(read, Deliver)
    assert read.coding is Coding.BYTES
