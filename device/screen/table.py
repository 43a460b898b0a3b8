"""The page of a table: the question, speaker and participants, and its end (V24, V25)."""

from msgspec.structs import replace

from device.contract.cafe import CAFE, Guest
from device.rules.calls.call import Part, Party
from device.rules.tables.rooms import CLOSING_WORD, Invitation, Room, invitation, room
from device.rules.tables.seat import OverWhy, Seat, SeatOver
from device.screen.call import party_face
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf, initials
from device.window_protocol.intents import (
    AskTable,
    EnterTable,
    LeaveTable,
    OpenPage,
    RefuseMeeting,
    SpeakAtTable,
    StayAtTable,
)
from device.window_protocol.model import Button, CafeTile, Face, TablePage

_MOST_NAMES = 4


def table_page(context: PageContext, photo_of: PhotoOf) -> TablePage | None:
    """Return the table, its question, or a ringing invitation; else None."""
    if seat := context.state.seat:
        opened = room(context.state, context.now, seat.room)
        if seat.stage == "asking":
            return _asking(context, seat, opened, photo_of)
        return _at_table(context, seat, opened, photo_of)
    invited = invitation(context.state, context.now)
    if invited and invited.how == "rings":
        return _invited(context, invited, photo_of)
    return None


def table_over_page(context: PageContext) -> TablePage | None:
    """How the last seat ended, and the way back; None where that is no news any more."""
    over = context.state.seat_over
    return _over(context, over) if over and not context.state.requests.help_is_open else None


def invitation_tile(context: PageContext, photo_of: PhotoOf) -> CafeTile | None:
    """Return the tile of a meeting about to begin or running, in the café's place."""
    invited = invitation(context.state, context.now)
    if invited is None:
        return None
    words, meeting = context.words, invited.meeting
    begins = words("Begins at {time}", time=words.time(meeting.starts.astimezone(context.zone)))
    return CafeTile(
        name=meeting.title,
        words=begins if invited.how == "soon" else words("Has begun. You are invited."),
        open=True,
        intent=AskTable(meeting.id),
        photo=photo_of(meeting.photo) if meeting.photo else None,
    )


def who_is_there(context: PageContext, guests: list[Guest] | tuple[Guest, ...]) -> str:
    """Return the number of participants, with first names where there are few."""
    words, count = context.words, len(guests)
    if count == 0:
        return words("Nobody is here yet")
    if count == 1:
        return words("{name} is here", name=guests[0].name)
    if count <= _MOST_NAMES:
        names = [guest.name for guest in guests]
        return words("{names} and {name} are here", names=", ".join(names[:-1]), name=names[-1])
    return words("{count} people are here", count=str(count))


def _title(context: PageContext, title: str, id_: str) -> str:
    return title or (context.words("Café") if id_ == CAFE else context.words("Event"))


def _asking(context: PageContext, seat: Seat, opened: Room | None, photo_of: PhotoOf) -> TablePage:
    words = context.words
    guests = opened.guests if opened else ()
    if opened and opened.only_hosts_speak:
        question = words("You will see and hear the hosts. They do not see you.")
        enter = Button(words=words("Go in"), icon="cafe", intent=EnterTable(seat.room, listens=True))
        choices = [enter]
    else:
        question = words("The others will see and hear you.")
        choices = [
            Button(words=words("Go in"), icon="cafe", intent=EnterTable(seat.room)),
            Button(words=words("Only listen"), icon="sound", intent=EnterTable(seat.room, listens=True)),
        ]
    return TablePage(
        state="asking",
        title=_title(context, seat.title, seat.room),
        lines=[question, who_is_there(context, guests)],
        faces=[_face(context, guest, photo_of) for guest in guests],
        more=_more(context),
        photo=photo_of(opened.photo) if opened and opened.photo else None,
        buttons=choices,
        leave=Button(words=words("Back"), icon="home", intent=LeaveTable()),
    )


def _at_table(context: PageContext, seat: Seat, opened: Room | None, photo_of: PhotoOf) -> TablePage:
    words, guests = context.words, opened.guests if opened else ()
    shown = next((guest for guest in guests if guest.id == seat.guest_id), None)
    others = [guest for guest in guests if guest.id not in (seat.guest_id, seat.own_id)]
    is_seen = seat.stage == "seated" and "camera" not in seat.troubles
    return TablePage(
        state="seated",
        title=_title(context, seat.title, seat.room),
        lines=_lines(context, seat, guests),
        frames=seat.frames if seat.stage == "seated" and seat.guest_id and seat.picture != "none" else "",
        own_frames=seat.own_frames if is_seen else "",
        own_words=words("You"),
        speaker=_face(context, shown, photo_of) if shown and seat.stage == "seated" else None,
        faces=[_face(context, guest, photo_of) for guest in others],
        more=_more(context),
        notice=_notice(context, seat, opened),
        buttons=_choices(context, seat, opened),
        leave=Button(words=words("Leave"), icon="hang-up", intent=LeaveTable()),
    )


def _more(context: PageContext) -> str:
    """Return the words for those without room; how many there are depends on the panel."""
    return context.words("{count} more", count="{count}")


def _lines(context: PageContext, seat: Seat, guests: tuple[Guest, ...]) -> list[str]:
    words = context.words
    if seat.stage == "entering":
        if seat.attempt > 1:
            return [words("The café cannot be reached just now. The screen keeps trying.")]
        return [words("One moment, connecting.")]
    troubles: dict[Part, str] = {
        "camera": words("The camera does not work: the others do not see you."),
        "microphone": words("The microphone does not work: the others do not hear you."),
        "speaker": words("The loudspeaker does not work: you do not hear the others."),
    }
    lines = [line for part, line in troubles.items() if part in seat.troubles]
    if len([guest for guest in guests if guest.id != seat.own_id]) == 0:
        lines.insert(0, words("You are the first one here. Others may come soon."))
    return lines


def _notice(context: PageContext, seat: Seat, opened: Room | None) -> str:
    """Return one notice; an open question comes first."""
    words = context.words
    if seat.asked_until_s is not None:
        return words("Are you still here?")
    if opened and opened.closes - context.now.wall <= CLOSING_WORD:
        return words("It closes at {time}.", time=words.time(opened.closes.astimezone(context.zone)))
    if seat.muted:
        return words("The host has switched your sound off.")
    if seat.listens:
        return words("The others neither see nor hear you.")
    return ""


def _choices(context: PageContext, seat: Seat, opened: Room | None) -> list[Button]:
    words = context.words
    if seat.asked_until_s is not None:
        return [Button(words=words("I am still here"), icon="person", intent=StayAtTable())]
    if opened and opened.only_hosts_speak and seat.stage == "seated":
        label = words("Your hand is raised") if seat.hand_raised else words("Raise a hand")
        return [Button(words=label, icon="person", intent=SpeakAtTable(), on=seat.hand_raised)]
    if seat.muted:
        return [Button(words=words("Be heard again"), icon="sound", intent=SpeakAtTable())]
    return []


def _invited(context: PageContext, invited: Invitation, photo_of: PhotoOf) -> TablePage:
    words, meeting = context.words, invited.meeting
    hosts = words("With {names}", names=", ".join(meeting.hosts)) if meeting.hosts else ""
    lines = [words("It begins now, and you are invited."), hosts, who_is_there(context, meeting.guests)]
    return TablePage(
        state="invited",
        title=_title(context, meeting.title, meeting.id),
        lines=[line for line in lines if line],
        faces=[],
        buttons=[
            Button(words=words("Go in"), icon="cafe", intent=EnterTable(meeting.id)),
            Button(words=words("Only listen"), icon="sound", intent=EnterTable(meeting.id, listens=True)),
        ],
        leave=Button(words=words("Not now"), icon="cancel", intent=RefuseMeeting(meeting.id)),
        photo=photo_of(meeting.photo) if meeting.photo else None,
    )


def _over(context: PageContext, over: SeatOver) -> TablePage:
    words = context.words
    opened = room(context.state, context.now, over.room) if over.may_return else None
    back = Button(words=words("Return to the table"), icon="cafe", intent=EnterTable(over.room, over.listens))
    return TablePage(
        state="over",
        title=_title(context, over.title, over.room),
        lines=[_ending(context, over.why)],
        faces=[],
        buttons=[back] if opened else [],
        leave=Button(words=words("Back"), icon="home", intent=LeaveTable()),
    )


def _ending(context: PageContext, why: OverWhy) -> str:
    words = context.words
    endings: dict[OverWhy, str] = {
        "left": words("You have left the table."),
        "line_lost": words("The connection to the table was lost."),
        "no_answer": words("You did not answer, so you are not at the table any more."),
        "shown_out": words("The host has asked you to leave the table this time."),
        "host_left": words("The host has left, and so it is over."),
        "ended_for_all": words("The host has ended it for everybody."),
        "closed": words("It is over for today."),
        "full": words("The table is full just now. Try again a little later."),
        "not-allowed": words("You are not invited to this table."),
        "unusable": words("The café cannot be reached just now."),
        "unreachable": words("The café cannot be reached just now."),
        "call": words("You left the table for a call."),
        "help": words("You left the table because you called for help."),
    }
    return endings[why]


def _face(context: PageContext, guest: Guest, photo_of: PhotoOf) -> Face:
    """Return the face from the resident's contact list, else with the first name only."""
    if guest.contact_id:
        party = Party(contact_id=guest.contact_id, name=guest.name, known=True)
        return replace(party_face(context, party, photo_of), name=guest.name)
    return Face(
        name=guest.name or context.words("Name missing"),
        initials=initials(guest.name, ""),
        presence="available",
        presence_words="",
        intent=OpenPage("cafe"),
    )
