"""Text messages by SMPP 3.4, before an SMSC that reads it strictly."""

from collections.abc import Callable, Iterator

import pytest

from cloud.delivery.channel import NotSent, Outgoing, Report
from cloud.delivery.channels.smpp.transport import SmppSession
from cloud.delivery.text_parts import split
from tests.cloud.delivery.smsc import Smsc, running_smsc
from tests.link.waiting import eventually


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    """An SMSC with one account."""
    with running_smsc() as running:
        yield running


@pytest.fixture
def session(smsc: Smsc) -> Iterator[SmppSession]:
    """The account of a home."""
    opened = SmppSession(
        {"host": "127.0.0.1", "port": smsc.port, "system_id": "home", "password": "secret", "sender": "Koti"}
    )
    yield opened
    opened.close()


def say(body: str) -> Outgoing:
    """A text message to Leena."""
    return Outgoing("1", "+358401234567", "", body)


def test_a_short_text_is_one_message(session: SmppSession, smsc: Smsc) -> None:
    """GSM's own alphabet, international numbers, a sender in letters, and a receipt is asked for."""
    handed = session.send(say("Hyvää päivää @ 5 €"))
    assert (handed.reference, handed.parts) == ("m1", 1)
    (found,) = smsc.submitted
    assert (found.source, found.target) == ((5, 0, "Koti"), (1, 1, "358401234567"))
    assert (found.coding, found.registered, found.esm_class) == (0, 1, 0)
    assert found.message == b"Hyv{{ p{iv{{ \x00 5 \x1be"
    assert smsc.binds == [("home", "secret", 0x34)]


@pytest.mark.parametrize(("text", "coding"), [("åäö€" * 60, 0), ("Привет 😀" * 20, 8)])
def test_a_long_text_is_put_together_again(session: SmppSession, smsc: Smsc, text: str, coding: int) -> None:
    """Every part has its number, none ends within a character, and one receipt stands for all."""
    assert session.send(say(text)).parts == len(split(text)) == len(smsc.submitted)
    headers = [each.message[:6] for each in smsc.submitted]
    assert [(each[4], each[5]) for each in headers] == [(len(headers), n + 1) for n in range(len(headers))]
    assert {each[:3] for each in headers} == {b"\x05\x00\x03"}
    assert len({each[3] for each in headers}) == 1
    assert [each.registered for each in smsc.submitted] == [0] * (len(headers) - 1) + [1]
    assert {(each.coding, each.esm_class) for each in smsc.submitted} == {(coding, 0x40)}
    assert all(len(each.message) <= (140 if coding else 159) for each in smsc.submitted)
    if coding:
        assert "".join(each.message[6:].decode("utf-16-be") for each in smsc.submitted) == text
    assert not smsc.wrong


@pytest.mark.parametrize(("status", "permanent"), [(0x0B, True), (0x01, True), (0x58, False), (0x14, False)])
def test_a_refusal_is_for_good_or_passes(
    session: SmppSession, smsc: Smsc, status: int, *, permanent: bool
) -> None:
    """A number that is none is not tried again; an SMSC that is busy is. The link stays."""
    smsc.statuses.append(status)
    with pytest.raises(NotSent) as refused:
        session.send(say("Hei"))
    assert refused.value.permanent is permanent
    assert session.send(say("Hei")).reference == "m2"
    assert len(smsc.binds) == 1


def collect(session: SmppSession) -> Callable[[], list[Report]]:
    """Return a function that returns all reports so far."""
    reports: list[Report] = []

    def so_far() -> list[Report]:
        reports.extend(session.poll())
        return reports

    return so_far


@pytest.mark.parametrize(("word", "state"), [("DELIVRD", "delivered"), ("UNDELIV", "failed")])
def test_receipts_say_what_became_of_it(session: SmppSession, smsc: Smsc, word: str, state: str) -> None:
    """Also while nothing is sent; what is still under way says nothing."""
    session.send(say("Hei"))
    smsc.receipt("m1", "ENROUTE")
    smsc.receipt("m1", word)
    so_far = collect(session)
    eventually(so_far, "the receipt")
    assert [(each.state, each.reference) for each in so_far()] == [(state, "m1")]


def test_a_link_that_breaks_is_made_again(session: SmppSession, smsc: Smsc) -> None:
    """What could not be sent says so, and the next one goes out."""
    session.send(say("Hei"))
    smsc.drop()
    with pytest.raises(NotSent):
        session.send(say("Hei"))
    assert session.send(say("Hei")).reference == "m2"


GARBAGE = (b"\xff" * 64, b"\0\0\0\1", b"\0\0\0\x10\0\0\0\x99" + bytes(8), b"HTTP/1.1 200 OK\r\n\r\n")


@pytest.mark.parametrize("garbage", GARBAGE)
def test_nonsense_is_no_answer(session: SmppSession, smsc: Smsc, garbage: bytes) -> None:
    """A PDU of four gigabytes, one shorter than its head, an unknown one, another protocol."""
    smsc.garbage.append(garbage)
    with pytest.raises(NotSent):
        session.send(say("Hei"))
    assert session.send(say("Hei")).reference


def test_a_wrong_password_is_said(smsc: Smsc) -> None:
    """And does not ask the SMSC again at once."""
    session = SmppSession({"host": "127.0.0.1", "port": smsc.port, "system_id": "home", "password": "x"})
    for _each in range(2):
        with pytest.raises(NotSent):
            session.send(say("Hei"))
    assert len(smsc.binds) == 1
    session.close()
