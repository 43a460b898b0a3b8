"""The short form of ``make campaign``."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cloud.help import open_boards
from device.window_protocol.intents import PressHelp
from device.window_protocol.model import HelpButton, HelpPage, Screen, Step, Style
from tests.campaign.board import SILENCE, Board, unheard
from tests.campaign.claims import Claim, Deeds, claims_of, is_so
from tests.campaign.contact_phones import Heard
from tests.campaign.nurse import Nurse
from tests.campaign.run import run
from tests.partner.sip_peer import needs_pjsua2

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEENA = "+358400000000"


@needs_pjsua2
@pytest.mark.requirement("K3")
def test_some_requests_under_faults_all_come_out_once() -> None:
    """Every one delivered, none twice, and no screen has ever said more than was so."""
    with tempfile.TemporaryDirectory(prefix="k") as folder:
        result = run(Path(folder), requests=4, seed=7, homes=2)
    assert result["false_claims"] == []
    assert (result["requests"], result["delivered"], result["twice"], result["unended"]) == (4, 4, 0, 0)
    assert result["unheard"] == 0
    assert result["acknowledged"] == result["alarms"]
    assert result["faults"]


def deeds(**done: object) -> Deeds:
    row = ("2026-11-21 11:59:59", None, None, None, None) if done.get("received") else None
    texts = [Heard(NOW, LEENA, "asks", delivered=bool(done.get("delivered")))] if done.get("sent") else []
    answers = [(NOW, LEENA)] if done.get("answered") else []
    return Deeds(row, texts, answers, {LEENA: "Leena"}, told_at=NOW if done.get("told") else None)


@pytest.mark.parametrize(
    ("what", "done"),
    [
        ("received", "received"),
        ("told", "told"),
        ("sent", "sent"),
        ("got", "delivered"),
        ("comes", "answered"),
    ],
)
def test_the_witness_finds_a_false_claim(what: str, done: str) -> None:
    """What was not done, or was done later, is a lie; what was done before is the truth."""
    who = "" if what in ("received", "told") else "Leena"
    all_done = deeds(**{"sent": what in ("sent", "got"), done: True})
    assert is_so(Claim(what, who, NOW + timedelta(seconds=1)), all_done)
    assert not is_so(Claim(what, who, NOW - timedelta(seconds=2)), all_done)
    assert not is_so(Claim(what, who, NOW), deeds(sent=what == "got"))


def test_a_request_that_no_board_can_ring_for_is_escalated_within_a_step() -> None:
    """Requests with an open board count as seen; for the others somebody answers or is notified."""
    board = Board(Nurse("http://localhost", {"name": "Anna Salo"}))
    board.rang += [NOW, NOW + timedelta(seconds=5)]
    late, soon = NOW + timedelta(minutes=10), timedelta(seconds=50)
    waits = [
        (NOW + timedelta(seconds=30), None, None),
        (late, late + soon, None),
        (late, None, late + soon),
        (late, late + soon * 2, late + soon * 2),
        (late, None, None),
    ]
    assert unheard(board, waits) == (4, 2)
    assert SILENCE == open_boards.SILENCE
    board.stop()


def test_the_witness_knows_who_may_be_there() -> None:
    """The person who answered, or the nurse who has arrived; nobody else, and nobody before."""
    row = ("2026-11-21 11:59:50", "2026-11-21 11:59:52", "Leena", "2026-11-21 11:59:59", None)
    done = Deeds(row, [], [], {LEENA: "Leena"}, "Anna")
    assert all(is_so(Claim("with", who, NOW), done) for who in ("Leena", "Anna"))
    assert not is_so(Claim("with", "Otto", NOW), done)
    assert not is_so(Claim("with", "Anna", NOW - timedelta(seconds=2)), done)


def test_the_witness_reads_page_steps_and_button() -> None:
    """Wherever on the screen something is claimed."""
    words = {
        "Otto has got a text message": "done",
        "The alarm centre has been told": "done",
        "Call received": "now",
    }
    steps = [Step(words=text, state=state) for text, state in words.items()]  # type: ignore[arg-type]
    page = HelpPage(headline="Leena is on the way to you", words="", state="coming", steps=steps)
    button = HelpButton(words="Leena is coming", intent=PressHelp(), state="coming")
    screen = Screen(revision=1, style=Style(), page=page, help=button)
    claims = {(claim.what, claim.who) for claim in claims_of(screen, NOW)}
    assert claims == {("comes", "Leena"), ("got", "Otto"), ("told", "")}
