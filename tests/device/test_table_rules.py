"""The café's table on the device: asked first, help wins, and a way back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from device.contract.cafe import (
    AskStillHere,
    CafeCommand,
    CafeNow,
    EndSeat,
    GiveSeat,
    Guest,
    Meeting,
    MeetingRefused,
    MuteSeat,
    OfferAgain,
    ShowGuest,
    StillAtTable,
    TableEntered,
    TableLeft,
    WantsToSpeak,
)
from device.contract.commands import Ring, UpdateHelp
from device.contract.documents import Cafe, Calendar, Policy, View
from device.contract.hours import OpeningHours
from device.contract.ice import IceServer
from device.media.messages import Connected, FromMedia, Gone, PictureIs, Trouble
from device.media.table_messages import SeeGuest, SitDown, TableReady
from device.rules.effects import (
    AnswerCommand,
    FetchPhotos,
    FinishCall,
    Play,
    PrepareSeat,
    StopSound,
    TellSeat,
)
from device.rules.events import CommandArrived, DocumentArrived, Intended, LinkChanged, MediaSaid, Ticked
from device.rules.state import Navigation
from device.rules.tables.ending import RETURN_SHOWN_S
from device.rules.tables.step import seconds_to_check
from device.screen.compose import compose
from device.window_protocol.intents import (
    AnswerCall,
    AskTable,
    EnterTable,
    HangUp,
    LeaveTable,
    OpenPage,
    PlaceCall,
    PressHelp,
    RefuseMeeting,
    SpeakAtTable,
    StayAtTable,
)
from device.window_protocol.model import CafePage, CallPage, HelpPage, Home, TablePage, TodayPage, VisitsPage
from tests.device.story import Story

# NOON in the tests is 12:00 in Helsinki.
HOURS = Cafe(name="Kahvila", hours=[OpeningHours(days=[1, 2, 3, 4, 5, 6, 7], opens="10:00", closes="14:00")])
GUESTS = [Guest(id="g1", name="Ritva", contact_id="ritva"), Guest(id="g2", name="Olavi")]


def story_at(now: CafeNow | None = None) -> Story:
    """A device in touch with the desk, while the café is open."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True))
    documents = {
        "calendar": Calendar(version=1, cafe=HOURS),
        "cafe": now or CafeNow(version=1, reachable=True, guests=GUESTS),
    }
    for name, document in documents.items():
        story.tell(DocumentArrived(name=name, document=document))  # type: ignore[arg-type]
    return story


def seated(story: Story | None = None, *, listens: bool = False) -> Story:
    """The resident went in, and sound comes."""
    story = story or story_at()
    story.tell(Intended(intent=AskTable("cafe")), Intended(intent=EnterTable("cafe", listens=listens)))
    ready = TableReady(sound="offer", picture="picture", frames="frames", own_frames="own")
    media(story, replace(ready, picture="", own_frames="") if listens else ready)
    command(
        story,
        GiveSeat(seat_id=seat_id(story), guest_id="me", sound="answer", picture="" if listens else "answer"),
    )
    media(story, Connected())
    return story


@pytest.mark.requirement("V25")
def test_the_own_picture_is_there_while_the_others_see_it() -> None:
    """Small on the page of somebody who is seen; neither of a listener nor with a camera that fails."""
    story = seated()
    page = story.screen().page
    assert isinstance(page, TablePage)
    assert (page.own_frames, page.own_words) == ("own", "Sinä")
    media(story, Trouble(part="camera", reason="unplugged"))
    assert not own_frames(story)
    media(story, Trouble(part="camera", reason=""))
    assert own_frames(story)
    assert not own_frames(seated(listens=True))


def own_frames(story: Story) -> str:
    page = story.screen().page
    assert isinstance(page, TablePage)
    return page.own_frames


def seat_id(story: Story) -> str:
    assert story.state.seat
    return story.state.seat.id


def media(story: Story, message: FromMedia) -> list[Any]:
    assert story.state.seat
    return story.tell(MediaSaid(call_id=story.state.seat.media_id, message=message))


def command(story: Story, body: CafeCommand) -> list[Any]:
    expires_at = story.wall + timedelta(seconds=30)
    return story.tell(CommandArrived(id=f"c{story.monotonic_s}", command=body, expires_at=expires_at))


def close_help(story: Story) -> None:
    """A nurse says that the request is over."""
    assert story.state.requests.help
    close = UpdateHelp(help_id=story.state.requests.help.id, stage="closed", by="Anna")
    story.tell(CommandArrived(id="close", command=close, expires_at=story.wall + timedelta(seconds=30)))


def table(story: Story) -> TablePage:
    page = story.screen().page
    assert isinstance(page, TablePage), page
    return page


@pytest.mark.requirement("V25")
def test_the_tile_says_who_is_there_and_one_tap_asks_before_anybody_is_seen() -> None:
    """Open, with first names; the question comes before microphone and camera; back is one tap."""
    story = story_at()
    home = story.screen().page
    assert isinstance(home, Home)
    assert home.cafe
    assert home.cafe.words == "Täällä on 2 ihmistä"
    assert Play(sound="touch") in story.tell(Intended(intent=home.cafe.intent))
    assert [button.intent for button in table(story).buttons] == [
        EnterTable("cafe"),
        EnterTable("cafe", listens=True),
    ]
    story.tell(Intended(intent=LeaveTable()))
    assert isinstance(story.screen().page, Home)
    assert not story.recorded(TableLeft)


@pytest.mark.requirement("V25")
def test_a_seat_may_be_carried_by_the_relay_that_the_desk_names() -> None:
    """The desk's document says which; the process of the seat is given it."""
    servers = [IceServer(urls=["turn:relay.example.org:3478"], username="u", credential="c")]
    story = story_at(CafeNow(version=1, reachable=True, ice_servers=servers))
    asked = story.tell(Intended(intent=EnterTable("cafe")))
    assert [each.ice_servers for each in asked if isinstance(each, PrepareSeat)] == [servers]


@pytest.mark.requirement("V25")
def test_connections_are_prepared_while_the_resident_is_asked() -> None:
    """The desk hears of it with the answer, and at once."""
    story = story_at()
    (prepared,) = prepares(story.tell(Intended(intent=AskTable("cafe"))))
    media(story, TableReady(sound="offer", picture="picture", frames="frames", own_frames="own"))
    assert not story.recorded(TableEntered)
    assert prepares(story.tell(Intended(intent=EnterTable("cafe")))) == []
    (entered,) = story.recorded(TableEntered)
    assert isinstance(entered.what, TableEntered)
    assert (entered.what.seat_id, entered.what.sound) == (prepared.seat_id, "offer")


@pytest.mark.requirement("V25")
@pytest.mark.parametrize(
    ("answer", "listens"),
    [(EnterTable("cafe", listens=True), [True]), (LeaveTable(), []), (OpenPage("home"), [])],
)
def test_prepared_connections_that_are_not_used_end(answer: Any, listens: list[bool]) -> None:
    """A listener gets others, which take no sound or picture of theirs."""
    story = story_at()
    (prepared,) = prepares(story.tell(Intended(intent=AskTable("cafe"))))
    media(story, TableReady(sound="offer", picture="picture", frames="frames"))
    effects = story.tell(Intended(intent=answer))
    assert FinishCall(call_id=prepared.media_id) in effects
    assert [each.listens for each in prepares(effects)] == listens
    assert not story.recorded(TableEntered)


def test_connections_that_could_not_be_prepared_are_made_with_the_answer() -> None:
    """A process that ends while the resident is asked costs them nothing but the time."""
    story = story_at()
    story.tell(Intended(intent=AskTable("cafe")))
    media(story, Gone(reason="ended"))
    assert table(story).state == "asking"
    assert len(prepares(story.tell(Intended(intent=EnterTable("cafe"))))) == 1
    media(story, TableReady(sound="offer", picture="", frames="frames"))
    assert len(story.recorded(TableEntered)) == 1
    assert table(story).lines == ["Hetkinen, yhdistetään."]


def prepares(effects: list[Any]) -> list[PrepareSeat]:
    return [effect for effect in effects if isinstance(effect, PrepareSeat)]


@pytest.mark.requirement("V25")
def test_the_resident_sits_down_and_sees_who_is_shown() -> None:
    """Offers go to the desk, its answers to the media; the speaker is large, and the others small."""
    story = seated()
    assert story.recorded(TableEntered)[0].what == TableEntered(
        seat_id=seat_id(story), room="cafe", sound="offer", picture="picture"
    )
    asked = command(story, ShowGuest(seat_id=seat_id(story), guest_id="g1", offer="offer"))
    assert TellSeat(media_id=f"{seat_id(story)}-1", message=SeeGuest(offer="offer")) in asked
    media(story, PictureIs(quality="good"))
    page = table(story)
    assert page.speaker
    assert (page.speaker.name, [face.name for face in page.faces]) == ("Ritva", ["Olavi"])
    assert page.frames == "frames"
    seat = seat_id(story)
    story.tell(Intended(intent=LeaveTable()))
    assert story.recorded(TableLeft)[0].what == TableLeft(seat_id=seat, why="resident")
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("K3", "V24")
def test_help_takes_the_resident_out_and_one_tap_leads_back() -> None:
    """Microphone and camera are off at once; after help, the way back is there."""
    story = seated()
    asked = story.tell(Intended(intent=PressHelp()))
    assert any(isinstance(effect, FinishCall) for effect in asked)
    assert story.recorded(TableLeft)[0].what.why == "help"  # type: ignore[union-attr]
    assert isinstance(story.screen().page, HelpPage)
    assert story.state.seat is None
    story.tell(Intended(intent=AskTable("cafe")))
    assert story.state.seat is None
    story.wait(1800)
    close_help(story)
    page = story.screen().page
    assert isinstance(page, HelpPage)
    assert page.state == "over"
    story.tell(Intended(intent=OpenPage("home")), Ticked())
    assert table(story).buttons[0].intent == EnterTable("cafe")
    story.tell(Intended(intent=table(story).leave.intent))
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("K3", "V24")
def test_the_way_back_to_a_table_hides_no_news_of_help_and_ends_by_itself() -> None:
    """That help is over stands until it was touched or its time passed; then the way back, for a while."""
    story = seated()
    story.tell(Intended(intent=PressHelp()))
    close_help(story)
    story.wait(View(version=1).home_after_s - 1)
    story.tell(Ticked())
    assert isinstance(story.screen().page, HelpPage)
    story.wait(1)
    story.tell(Ticked())
    assert table(story).buttons[0].intent == EnterTable("cafe")
    story.wait(RETURN_SHOWN_S)
    story.tell(Ticked())
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("V24")
def test_after_a_call_its_end_is_read_first_and_then_one_tap_leads_back() -> None:
    """After a call as long as the offer to return, the home page still has the button back."""
    story = seated()
    story.tell(Intended(intent=PlaceCall("ritva")), Ticked())
    assert story.state.call
    story.wait(RETURN_SHOWN_S + 1)
    story.tell(Intended(intent=HangUp(story.state.call.id)), Ticked())
    story.tell(Intended(intent=OpenPage("home")), Ticked())
    assert table(story).buttons[0].intent == EnterTable("cafe")


@pytest.mark.requirement("V24")
def test_a_call_that_is_answered_takes_the_resident_out_and_one_that_rings_does_not() -> None:
    """They are asked, as with every call; the table waits for the answer."""
    story = seated()
    ring = Ring(call_id="call-1", contact_id="ritva", name="Ritva", offer="offer")
    story.tell(CommandArrived(id="ring", command=ring, expires_at=story.wall + timedelta(seconds=45)))
    assert isinstance(story.screen().page, CallPage)
    assert story.state.seat
    story.tell(Intended(intent=AnswerCall("call-1")), Ticked())
    assert story.recorded(TableLeft)[0].what.why == "call"  # type: ignore[union-attr]


@pytest.mark.requirement("V25")
@pytest.mark.parametrize("hour", [9, 15])
def test_a_closed_cafe_lets_nobody_in(hour: int) -> None:
    """By the resident's own clock, whatever the desk says."""
    story = story_at()
    story.wall = datetime(2026, 11, 21, hour - 2, 0, tzinfo=story.wall.tzinfo)
    story.tell(Intended(intent=AskTable("cafe")), Intended(intent=EnterTable("cafe")))
    assert story.state.seat is None
    assert not [effect for effect in story.effects if isinstance(effect, PrepareSeat)]


def test_a_device_that_is_not_in_use_lets_nobody_in_and_takes_who_sits_there_out() -> None:
    """V9: no room opens on a device in a cupboard."""
    story = seated()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, use="in-repair")))
    assert story.state.seat is None
    story.tell(Intended(intent=EnterTable("cafe")))
    assert story.state.seat is None


@pytest.mark.requirement("V25")
def test_it_says_so_before_it_closes_and_ends_at_its_hour() -> None:
    """A word five minutes before; at the hour nobody stays, also without the desk."""
    story = seated()
    story.wait(2 * 3600 - 200)
    story.tell(Ticked())
    assert table(story).notice == "Sulkeutuu klo 14.00."
    story.wait(200)
    story.tell(Ticked())
    assert table(story).lines == ["Tältä päivältä se on ohi."]


@pytest.mark.requirement("V21", "V25")
def test_nobody_is_left_alone_at_a_table() -> None:
    """Asked, and answered with one tap; without an answer the seat ends by itself."""
    story = seated()
    command(story, AskStillHere(seat_id=seat_id(story), seconds=60))
    assert table(story).notice == "Oletko vielä täällä?"
    story.tell(Intended(intent=StayAtTable()))
    assert story.recorded(StillAtTable)
    assert table(story).notice == ""
    command(story, AskStillHere(seat_id=seat_id(story), seconds=60))
    story.wait(60)
    story.tell(Ticked())
    assert story.state.seat is None
    assert table(story).buttons[0].intent == EnterTable("cafe")


@pytest.mark.requirement("V24")
def test_a_lost_line_is_made_anew_by_itself_for_a_minute() -> None:
    """The same place, new connections; then it says that the café cannot be reached."""
    story = seated()
    seat = seat_id(story)
    media(story, Gone(reason="lost"))
    asked = story.tell(Ticked())
    assert PrepareSeat(media_id=f"{seat}-2", seat_id=seat, listens=False) in asked
    assert "yrittää uudelleen" in table(story).lines[0]
    media(story, TableReady(sound="offer", picture="", frames="frames"))
    assert len(story.recorded(TableEntered)) == 2
    media(story, Connected())
    assert story.state.seat
    assert story.state.seat.stage == "seated"
    command(story, OfferAgain(seat_id=seat))
    story.tell(Ticked())
    story.wait(61)
    story.tell(Ticked())
    assert table(story).lines == ["Kahvilaan ei saada juuri nyt yhteyttä."]


@pytest.mark.requirement("V24")
@pytest.mark.parametrize("why", ["shown_out", "host_left", "ended_for_all", "full"])
def test_who_is_not_at_the_table_any_more_reads_why(why: Any) -> None:
    """In words, and with the way home."""
    story = seated()
    command(story, EndSeat(seat_id=seat_id(story), why=why))
    assert story.state.seat is None
    assert table(story).lines[0].endswith(".")
    assert not table(story).buttons


def test_a_host_mutes_and_the_resident_can_be_heard_again() -> None:
    """The screen says so, and one tap asks for it."""
    story = seated()
    command(story, MuteSeat(seat_id=seat_id(story), muted=True))
    assert [button.intent for button in table(story).buttons] == [SpeakAtTable()]
    story.tell(Intended(intent=SpeakAtTable()))
    assert story.recorded(WantsToSpeak)
    command(story, MuteSeat(seat_id=seat_id(story), muted=False))
    assert not table(story).buttons


def test_a_command_for_another_seat_changes_nothing() -> None:
    """A late word from the desk is declined."""
    story = seated()
    before = story.state.seat
    asked = command(story, EndSeat(seat_id="another", why="closed"))
    assert story.state.seat == before
    assert [each.answer.stage for each in asked if isinstance(each, AnswerCommand)] == ["declined"]


def test_a_listener_offers_no_picture() -> None:
    """The screen says that they are neither seen nor heard."""
    story = seated(listens=True)
    assert story.recorded(TableEntered)[0].what.listens  # type: ignore[union-attr]
    assert table(story).notice == "Muut eivät näe eivätkä kuule sinua."
    assert TellSeat(media_id=f"{seat_id(story)}-1", message=SitDown(sound="answer")) in story.effects


def meeting(story: Story, *, in_s: float, version: int = 2, **other: Any) -> None:
    starts = story.wall + timedelta(seconds=in_s)
    planned = Meeting(id="m1", title="Laulutuokio", starts=starts, ends=starts + timedelta(hours=1), **other)
    now = CafeNow(version=version, reachable=True, meetings=[planned])
    story.tell(DocumentArrived(name="cafe", document=now))


@pytest.mark.requirement("V24", "V27")
def test_an_event_invites_gently_then_rings_and_one_tap_refuses_it_for_good() -> None:
    """A soft sound and a tile some minutes before, an invitation at its start; refused, it is silent."""
    story = story_at()
    meeting(story, in_s=200)
    assert Play(sound="invitation") in story.effects
    home = story.screen().page
    assert isinstance(home, Home)
    assert home.cafe
    assert (home.cafe.name, home.cafe.intent) == ("Laulutuokio", AskTable("m1"))
    story.wait(200)
    assert Play(sound="invitation", loop=True) in story.tell(Ticked())
    assert table(story).leave.intent == RefuseMeeting("m1")
    assert StopSound(sound="invitation") in story.tell(Intended(intent=RefuseMeeting("m1")))
    assert story.recorded(MeetingRefused)
    story.wait(20)
    story.tell(Ticked())
    page = story.screen().page
    assert isinstance(page, Home)
    assert page.cafe
    assert page.cafe.intent == AskTable("cafe")


@pytest.mark.requirement("V24")
def test_the_picture_of_an_event_is_fetched_and_stands_on_tile_and_invitation() -> None:
    """As soon as it is verified; until then the invitation is words."""
    story, shelf = story_at(), dict[str, str]()

    def page() -> object:
        return compose(story.state, story.now, shelf.get).screen.page

    meeting(story, in_s=200, photo="a" * 64)
    assert FetchPhotos() in story.effects
    assert isinstance(home := page(), Home)
    assert home.cafe
    assert home.cafe.photo is None
    shelf["a" * 64] = "picture.jpg"
    assert isinstance(home := page(), Home)
    assert home.cafe
    assert home.cafe.photo == "picture.jpg"
    story.wait(200)
    story.tell(Ticked())
    assert isinstance(invited := page(), TablePage)
    assert (invited.state, invited.photo) == ("invited", "picture.jpg")
    story.tell(Intended(intent=AskTable("m1")))
    assert isinstance(asked := page(), TablePage)
    assert (asked.state, asked.photo) == ("asking", "picture.jpg")


@pytest.mark.requirement("K4", "V24")
def test_an_event_stands_among_what_comes_next() -> None:
    """In the tile of today, and on its days of the week where it repeats, by the resident's clock."""
    story = story_at()
    meeting(story, in_s=3600, repeats_days=7)
    home = story.screen().page
    assert isinstance(home, Home)
    assert home.today
    assert home.today.headline == "13.00 Laulutuokio"
    story.tell(Intended(intent=OpenPage("today")))
    page = story.screen().page
    assert isinstance(page, TodayPage)
    titles = [[entry.title for entry in day.entries] for day in page.days]
    assert titles == [["Laulutuokio"], [], [], [], [], [], [], ["Laulutuokio"]]
    story.tell(DocumentArrived(name="cafe", document=CafeNow(version=3, reachable=True)))
    assert "Laulutuokio" not in repr(story.screen().page)


@pytest.mark.requirement("V24")
def test_an_event_that_ended_rings_nowhere() -> None:
    """However early: as soon as the desk takes it away; and a device that was away does not ring late."""
    story = story_at()
    meeting(story, in_s=0)
    assert Play(sound="invitation", loop=True) in story.effects
    asked = story.tell(DocumentArrived(name="cafe", document=CafeNow(version=3, reachable=True)))
    assert StopSound(sound="invitation") in asked
    late = story_at()
    meeting(late, in_s=-300)
    assert Play(sound="invitation", loop=True) not in late.effects
    assert isinstance(late.screen().page, Home)


@pytest.mark.requirement("V24")
def test_where_only_hosts_speak_the_resident_listens_and_raises_a_hand() -> None:
    """Their microphone stays closed, whatever button they find."""
    story = story_at()
    meeting(story, in_s=0, only_hosts_speak=True)
    story.tell(Intended(intent=EnterTable("m1")))
    media(story, TableReady(sound="offer", picture="", frames="frames"))
    media(story, Connected())
    assert story.recorded(TableEntered)[0].what.listens  # type: ignore[union-attr]
    assert table(story).buttons[0].words == "Nosta käsi"
    story.tell(Intended(intent=SpeakAtTable()))
    assert table(story).buttons[0].words == "Kätesi on ylhäällä"


def test_an_unreachable_cafe_says_so_and_opens_its_page() -> None:
    """Plain words instead of a door that does not open."""
    story = story_at(CafeNow(version=1))
    home = story.screen().page
    assert isinstance(home, Home)
    assert home.cafe
    assert home.cafe.words == "Juuri nyt ei saada yhteyttä"
    story.tell(Intended(intent=home.cafe.intent))
    assert isinstance(story.screen().page, CafePage)


def test_a_way_back_that_has_run_out_wakes_nobody_during_a_call() -> None:
    """The device has better things to do than to look a hundred times a second."""
    story = seated()
    story.tell(Intended(intent=PlaceCall("ritva")), Ticked())
    assert story.state.seat_over
    assert story.state.call
    story.wait(3600)
    assert seconds_to_check(story.state, story.now) is None


@pytest.mark.requirement("K5", "V24")
def test_a_host_who_joined_the_resident_stands_among_those_who_looked_in() -> None:
    """With the table and how long; other guests do not; once for each time, however the line drops."""
    story = seated()
    assert visits(story) == []
    host = Guest(id="u1", name="Anna", is_host=True)
    guests_are(story, [*GUESTS, host])
    media(story, Gone(reason="the line"))
    media(story, Connected())
    assert visits(story) == [("Anna", "Järjestäjänä pöydässäsi: Kahvila", "")]
    story.wait(720)
    story.tell(Intended(intent=LeaveTable()))
    assert visits(story) == [("Anna", "Järjestäjänä pöydässäsi: Kahvila", "Kesti 12 minuuttia")]
    seated(story)
    guests_are(story, GUESTS)
    assert [who for who, _, _ in visits(story)] == ["Anna", "Anna"]


def test_how_long_a_host_was_there_is_not_guessed_after_a_restart() -> None:
    """The visit stands there without a length."""
    story = seated(
        story_at(CafeNow(version=1, reachable=True, guests=[Guest(id="u1", name="Anna", is_host=True)]))
    )
    story.state = replace(story.state, seat=None)
    story.wait(3600)
    story.tell(Ticked())
    assert visits(story) == [("Anna", "Järjestäjänä pöydässäsi: Kahvila", "")]
    assert not story.state.host_visits.log[0].is_going


def guests_are(story: Story, guests: list[Guest]) -> None:
    version = story.state.documents.cafe.version + 1 if story.state.documents.cafe else 1
    now = CafeNow(version=version, reachable=True, guests=guests)
    story.tell(DocumentArrived(name="cafe", document=now))


def visits(story: Story) -> list[tuple[str, str, str]]:
    """Who, why and how long, on the page of who looked in."""
    opened = replace(story.state, seat=None, seat_over=None, navigation=Navigation(page="visits"))
    page = compose(opened, story.now, lambda _sha256: None).screen.page
    assert isinstance(page, VisitsPage)
    return [(visit.who, visit.why, visit.outcome) for visit in page.visits]
