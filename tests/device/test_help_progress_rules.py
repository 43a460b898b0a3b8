"""While nobody has answered, the screen says what is true and how far the desk has gone (K3)."""

from datetime import timedelta

import pytest

from device.contract.commands import Answer, UpdateHelp
from device.contract.help_progress import NotifiedContact, ReportHelpProgress
from device.rules.effects import AnswerCommand, Effect, SayHelp
from device.rules.events import CommandArrived, EventsReceived, Intended, LinkChanged, Ticked
from device.screen.speech import help_words
from device.window_protocol.intents import PressHelp
from device.window_protocol.model import HelpPage
from tests.device.story import NOON, Story

pytestmark = pytest.mark.requirement("K3")


@pytest.fixture
def story() -> Story:
    """Aino's request was received at twelve by her clock."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True), Intended(intent=PressHelp()))
    story.tell(EventsReceived(ids=frozenset({help_id(story)})))
    return story


def help_id(story: Story) -> str:
    assert story.state.requests.help
    return story.state.requests.help.id


def report(story: Story, *names: str, on_board: bool = True, partner: bool = False) -> list[Effect]:
    """Report that these people have just been notified."""
    progress = ReportHelpProgress(
        help_id=help_id(story),
        at=story.wall,
        on_board=on_board,
        contacts=[NotifiedContact(name=name, at=story.wall) for name in names],
        partner_notified_at=story.wall if partner else None,
    )
    return story.tell(CommandArrived(id="progress", command=progress, expires_at=NOON + timedelta(days=1)))


def page(story: Story) -> HelpPage:
    found = story.screen().page
    assert isinstance(found, HelpPage)
    return found


def test_received_is_not_said_to_be_known_to_anybody(story: Story) -> None:
    """Where no board is open, the screen says that nobody has looked yet."""
    report(story, on_board=False)
    assert page(story).headline == "Avunpyyntösi on perillä"
    assert "Kukaan ei ole vielä nähnyt sitä." in page(story).words
    report(story, on_board=True)
    assert page(story).headline == "Avunpyyntösi on perillä hoitajilla"
    assert "nähnyt" not in page(story).words


def test_after_a_minute_it_says_that_nobody_has_answered(story: Story) -> None:
    """Spoken once, shown with the minutes, also where the desk has reported nothing."""
    story.wait(61)
    assert SayHelp() in story.tell(Ticked())
    assert page(story).headline == "Kukaan ei ole vielä vastannut"
    assert page(story).words == "Pyyntö tuli perille klo 12.00, minuutti sitten."
    story.wait(180)
    assert SayHelp() not in story.tell(Ticked())
    assert page(story).words == "Pyyntö tuli perille klo 12.00, 4 minuuttia sitten."
    assert story.screen().help.words == "Ei vielä vastausta"  # type: ignore[union-attr]


def test_each_step_of_the_ladder_is_shown_and_spoken(story: Story) -> None:
    """First the notified contacts, then the alarm centre, each with its time on the steps."""
    story.wait(60)
    assert SayHelp() in report(story, "Leena Aalto")
    assert "Myös Leena Aalto on saanut tiedon." in help_words(story.state, story.now)
    story.wait(120)
    assert SayHelp() in report(story, "Leena Aalto", "Mikko Aalto", partner=True)
    assert page(story).headline == "Hälytyskeskus on saanut tiedon"
    assert "Kukaan ei ole vielä vastannut." in page(story).words
    assert ("Hälytyskeskus on saanut tiedon", "12.03") in [(s.words, s.time) for s in page(story).steps]


def test_an_older_report_takes_nothing_back(story: Story) -> None:
    """Commands may overtake each other."""
    story.wait(60)
    report(story, "Leena Aalto")
    story.wall -= timedelta(seconds=30)
    effects = report(story, on_board=False)
    assert AnswerCommand(command_id="progress", answer=Answer(stage="done")) in effects
    assert "Leena Aalto" in page(story).words


def test_a_report_on_another_request_is_declined(story: Story) -> None:
    """What the device does not know any more it does not show."""
    progress = ReportHelpProgress(help_id="another", at=story.wall, on_board=False)
    effects = story.tell(CommandArrived(id="progress", command=progress, expires_at=NOON))
    assert [each.answer.stage for each in effects if isinstance(each, AnswerCommand)] == ["declined"]
    assert page(story).headline == "Avunpyyntösi on perillä"


def test_the_first_who_comes_ends_the_waiting(story: Story) -> None:
    """A report that comes after somebody has taken it changes nothing that is seen."""
    taken = UpdateHelp(help_id=help_id(story), stage="taken", by="Anna")
    story.tell(CommandArrived(id="taken", command=taken, expires_at=NOON))
    report(story, "Leena Aalto", partner=True)
    assert page(story).headline == "Anna on tulossa luoksesi"
    assert "Leena" not in " ".join(step.words for step in page(story).steps)
