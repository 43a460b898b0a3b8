"""Sounds, speech and lamps, as stories."""

from datetime import UTC, datetime
from typing import TypeVar, get_args

import pytest

from device.contract.commands import UpdateHelp
from device.contract.documents import HelpPolicy, Policy, Press, View
from device.contract.values import Language
from device.rules.begin import begin
from device.rules.effects import Dim, Effect, Play, SayHelp, SayLabel, SetVolume, Shine
from device.rules.events import (
    Began,
    ButtonChanged,
    CommandArrived,
    DocumentArrived,
    EventsReceived,
    FaultChanged,
    Intended,
    LinkChanged,
    PageTurned,
    Ticked,
    WindowCame,
)
from device.rules.sound import SoundClass
from device.rules.state import State
from device.screen.speech import help_words, label_words
from device.window_protocol.intents import CancelHelp, LetRing, OpenPage, OpenPerson, PressHelp, SilenceRing
from device.window_protocol.model import HelpPage
from tests.device.story import EVERYTHING, NOON, Story

NIGHT = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
PRESS = ButtonChanged(name="help")


def connected(view: View | None = None) -> Story:
    story = Story.of_aino(view)
    story.tell(WindowCame(), LinkChanged(connected=True))
    return story


def desk_says(story: Story, stage: str, by: str = "Anna") -> CommandArrived:
    assert story.state.requests.help
    update = UpdateHelp(help_id=story.state.requests.help.id, stage=stage, by=by)  # type: ignore[arg-type]
    return CommandArrived(id=f"c-{stage}", command=update, expires_at=NOON)


def received(story: Story) -> EventsReceived:
    assert story.state.requests.help
    return EventsReceived(ids=frozenset({story.state.requests.help.id}))


def lamp(story: Story, name: str = "help") -> str:
    return next(each.pattern for each in story.state.signals.shining if each.lamp == name)


E = TypeVar("E", bound=Effect)


def of(kind: type[E], effects: list[Effect]) -> list[E]:
    return [each for each in effects if isinstance(each, kind)]


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("press", [PRESS, Intended(intent=PressHelp())])
def test_a_press_is_heard_and_seen_at_once(press: ButtonChanged | Intended) -> None:
    """In the same step, before anything was sent."""
    story = connected()
    asked = story.tell(press)
    assert of(Play, asked) == [Play(sound="help")]
    assert of(Shine, asked) == [Shine(lamp="help", pattern="blinking", brightness=1.0)]
    assert of(SayHelp, asked)


@pytest.mark.requirement("K3")
def test_each_step_of_help_shines_and_is_said() -> None:
    """Blinking until somebody knows, breathing until somebody is there, then steady, then dark."""
    story = connected()
    story.tell(PRESS)
    seen = [lamp(story)]
    for event in (
        received(story),
        desk_says(story, "taken"),
        desk_says(story, "arrived"),
        desk_says(story, "closed"),
    ):
        asked = story.tell(event)
        assert len(of(SayHelp, asked)) == 1
        seen.append(lamp(story))
    assert seen == ["blinking", "breathing", "breathing", "on", "off"]


@pytest.mark.requirement("K3")
@pytest.mark.requirement("K13")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Anna on tulossa luoksesi. "),
        ("sv", "Anna är på väg till dig. "),
        ("da", "Anna er på vej til dig. "),
        ("en", "Anna is on the way to you. "),
    ],
)
def test_what_is_said_is_what_the_help_page_shows(language: Language, words: str) -> None:
    """In the resident's language, also while another page is open."""
    story = connected(View(version=1, elements=EVERYTHING, language=language))
    story.tell(PRESS, desk_says(story, "taken") if story.state.requests.help else Ticked())
    story.tell(desk_says(story, "taken"))
    page = story.screen().page
    assert isinstance(page, HelpPage)
    story.tell(Intended(intent=OpenPage("home")))
    said = help_words(story.state, story.now)
    assert said == f"{page.headline}. {page.words}"
    assert said.startswith(words)


@pytest.mark.requirement("K3")
def test_a_link_that_comes_and_goes_does_not_babble() -> None:
    """Each thing is said once for each request; what is not known is not said."""
    story = connected()
    story.tell(PRESS)
    said = [
        help_words(story.state, story.now)
        for is_up in (False, True, False, True, False)
        if of(SayHelp, story.tell(LinkChanged(connected=is_up)))
    ]
    assert said == ["Avunpyyntö ei ole vielä mennyt perille. Tämä näyttö yrittää koko ajan."]


@pytest.mark.requirement("K3")
def test_another_press_says_how_it_is_doing() -> None:
    """But a hand that trembles on the button does not cut the words off each time."""
    story = connected()
    story.tell(PRESS)
    asked = story.tell(PRESS, PRESS, Intended(intent=PressHelp()))
    assert len(of(Play, asked)) == 3
    assert not of(SayHelp, asked)
    story.wait(10)
    assert of(SayHelp, story.tell(PRESS))


@pytest.mark.requirement("K3")
def test_after_a_power_cut_open_help_is_said_again_and_old_help_is_not() -> None:
    """A resident who waits is informed that the request is still open."""
    story = connected()
    story.tell(PRESS)
    assert of(SayHelp, Story(begin(story.state)).tell(Began(version="1")))
    story.tell(desk_says(story, "closed"))
    kept = State(documents=story.state.documents, requests=story.state.requests)
    assert not of(SayHelp, Story(begin(kept)).tell(Began(version="1"), Ticked()))


def test_a_start_sets_every_volume_and_lamp() -> None:
    """The first effects after a start set all of them, because their state before is unknown."""
    asked = Story().tell(Began(version="1"))
    assert {each.sound for each in of(SetVolume, asked)} == set(get_args(SoundClass))
    assert {each.lamp for each in of(Shine, asked)} >= {"help", "status"}
    assert of(Dim, asked) == [Dim(level=1.0)]


def test_at_night_it_is_soft_and_dim_and_help_is_not() -> None:
    """The hours are the view's; the room is dark, help is as loud as by day."""
    story = connected()
    story.wall = NIGHT
    asked = story.tell(Ticked())
    softer = {each.sound for each in of(SetVolume, asked)}
    assert softer == {"speech", "ring", "chime", "touch", "stream", "invitation"}
    assert Dim(level=0.3) in asked
    asked = story.tell(PRESS)
    assert SetVolume(sound="speech", volume=1.0) in asked
    assert Shine(lamp="help", pattern="blinking", brightness=0.4) in asked
    assert Dim(level=0.7) in asked


def test_a_clock_that_is_not_known_makes_no_night() -> None:
    """An unknown time counts as day: better heard than missed."""
    story = connected()
    story.wall, story.trusted = NIGHT, False
    assert not of(SetVolume, story.tell(Ticked()))


@pytest.mark.requirement("V1")
def test_mute_silences_the_ring_while_it_holds() -> None:
    """Touch sounds still play: they acknowledge a finger, and call nobody."""
    story = connected()
    asked = story.tell(Intended(intent=SilenceRing(hours=2)))
    assert {"ring", "chime", "invitation"} == {each.sound for each in of(SetVolume, asked)}
    asked = story.tell(Intended(intent=LetRing()))
    assert SetVolume(sound="ring", volume=1.0) in asked


@pytest.mark.requirement("K2")
def test_the_status_lamp_differs_for_link_and_faults() -> None:
    """Steady: well. Breathing: no desk. Blinking: somebody should look."""
    story = connected()
    assert lamp(story, "status") == "on"
    story.tell(LinkChanged(connected=False, reason="no broker"))
    assert lamp(story, "status") == "breathing"
    story.tell(FaultChanged(part="modem", reason="no SIM"))
    assert lamp(story, "status") == "blinking"
    story.tell(FaultChanged(part="modem", reason=""), LinkChanged(connected=True))
    assert lamp(story, "status") == "on"


def speaking() -> Story:
    return connected(View(version=1, elements=EVERYTHING, language="sv", speak_on_touch=True))


@pytest.mark.requirement("K13")
def test_touches_are_heard_and_labels_spoken_where_the_view_says_so() -> None:
    """A view without speech has the sound alone."""
    touch = Intended(intent=OpenPerson("ritva"))
    asked = speaking().tell(touch)
    assert of(Play, asked) == [Play(sound="touch")]
    assert of(SayLabel, asked) == [SayLabel(of=OpenPerson("ritva"))]
    assert speaking().tell(PageTurned(arrow="more")) == [Play(sound="touch"), SayLabel(of="more")]
    asked = connected().tell(touch)
    assert of(Play, asked)
    assert not of(SayLabel, asked)


@pytest.mark.requirement("K3")
def test_a_label_does_not_cut_the_words_of_help_off() -> None:
    """Help wins; a while later labels are spoken again."""
    story = speaking()
    story.tell(PRESS, received(story) if story.state.requests.help else Ticked())
    assert not of(SayLabel, story.tell(Intended(intent=OpenPage("home"))))
    story.wait(10)
    assert of(SayLabel, story.tell(Intended(intent=OpenPage("cafe"))))


@pytest.mark.requirement("K13")
def test_a_label_is_what_stands_on_the_button() -> None:
    """Words and detail, of whatever kind the button is."""
    story = speaking()
    assert label_words(story.screen(), OpenPerson("ritva")) == "Ritva Aalto. Borta."
    assert label_words(story.screen(), OpenPage("mute")) == "Tysta signalen."
    story.tell(Intended(intent=SilenceRing(hours=2)))
    assert label_words(story.screen(), OpenPage("mute")) == "Tyst. Till kl. 14.00."
    assert label_words(story.screen(), OpenPage("cafe")).startswith("Kafé")
    assert label_words(story.screen(), PressHelp()) == "Hjälp"
    assert label_words(story.screen(), OpenPerson("nobody")) == ""
    story.tell(Intended(intent=OpenPage("people")))
    assert label_words(story.screen(), "fewer") == "Förra"


def with_way(way: Press) -> Story:
    story = connected()
    help_policy = HelpPolicy(screen=way, button=way, pendant=way)
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, help=help_policy)))
    return story


@pytest.mark.requirement("K3")
def test_the_seconds_to_cancel_are_heard_and_seen() -> None:
    """Said once as they begin, not each second; cancelled is said, and the lamp is dark."""
    story = with_way("cancellable")
    asked = story.tell(PRESS)
    assert (of(Play, asked), lamp(story)) == ([Play(sound="help")], "blinking")
    assert help_words(story.state, story.now).startswith("Apua kutsutaan 10 sekunnin kuluttua.")
    assert len(of(SayHelp, asked)) == 1
    story.wait(2)
    assert not of(SayHelp, story.tell(Ticked()))
    asked = story.tell(Intended(intent=CancelHelp()))
    assert (of(Play, asked), len(of(SayHelp, asked)), lamp(story)) == ([Play(sound="touch")], 1, "off")
    assert help_words(story.state, story.now).startswith("Apua ei kutsuttu.")


@pytest.mark.requirement("K3")
def test_a_press_that_becomes_a_request_by_itself_is_heard_again() -> None:
    """The seconds are over, or the button was held: now help is called."""
    story = with_way("cancellable")
    story.tell(PRESS)
    story.wait(10)
    asked = story.tell(Ticked())
    assert of(Play, asked) == [Play(sound="help")]
    assert of(SayHelp, asked)
    story = with_way("hold")
    assert of(Play, story.tell(PRESS)) == [Play(sound="help")]
    story.wait(2)
    asked = story.tell(ButtonChanged(name="help", action="held"))
    assert of(Play, asked) == [Play(sound="help")]
    assert of(SayHelp, asked)


@pytest.mark.requirement("K3")
def test_a_hold_that_was_too_short_is_said() -> None:
    """The resident is not left to wait for nobody."""
    story = with_way("hold")
    story.tell(PRESS, ButtonChanged(name="help", action="released"))
    story.wait(0.5)
    assert of(SayHelp, story.tell(Ticked()))
    assert help_words(story.state, story.now).startswith("Apua ei kutsuttu.")
    assert lamp(story) == "off"
