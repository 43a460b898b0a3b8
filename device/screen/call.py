"""The page of a call, and of its end (V11, V21-V23, K5)."""

from msgspec.structs import replace

from device.contract.commands import ForcedReason
from device.rules.calls.admission import contact
from device.rules.calls.call import MOST_LOUDNESS, Call, Ending, Part, Party
from device.rules.calls.clock import seconds_left
from device.rules.calls.hearing_time import LONGEST_REASON
from device.screen.page_context import PageContext
from device.screen.people import PhotoOf, face, initials, somebody_else
from device.window_protocol.intents import (
    AnswerCall,
    HangUp,
    OpenPage,
    OpenPerson,
    PlaceCall,
    RefuseCall,
    SetLoudness,
)
from device.window_protocol.model import Button, CallPage, Face, Loudness, PersonPage

# Reasons for which the page offers to call somebody else.
_NOT_REACHED = frozenset({"not-reachable", "not-answered", "busy", "refused"})


def call_page(context: PageContext, call: Call, photo_of: PhotoOf) -> CallPage:
    """Return the page of a call: ringing, calling, counting down or connected."""
    who = party_face(context, call.about.party, photo_of)
    match call.stage:
        case "ringing":
            return _ringing(context, call, who)
        case "calling":
            return _calling(context, call, who)
        case "countdown":
            return _countdown(context, call, who)
    return _connected(context, call, who)


def over_page(context: PageContext, photo_of: PhotoOf) -> PersonPage | None:
    """Return how the last call ended; None where that is old."""
    over = context.state.call_over
    if over is None:
        return None
    who = party_face(context, over.party, photo_of)
    again = None
    if over.party.known and over.how not in ("ended", "limit"):
        intent = PlaceCall(over.party.contact_id)
        again = Button(words=context.words("Call again"), icon="call", intent=intent)
    return PersonPage(
        # The contact's availability would contradict what has just happened.
        face=replace(who, presence_words=""),
        lines=[_ending(context, over.how, who.name)],
        back=Button(words=context.words("Back"), icon="home", intent=OpenPage("home")),
        call=again,
        other=_other(context, over.party) if over.how in _NOT_REACHED else None,
    )


def _other(context: PageContext, party: Party) -> Button | None:
    """Return a button to call somebody else who is available, the first on the list."""
    if (found := somebody_else(context, party.contact_id)) is None:
        return None
    name = found.first_name or found.last_name
    return Button(words=context.words("Call {name}", name=name), icon="call", intent=PlaceCall(found.id))


def party_face(context: PageContext, party: Party, photo_of: PhotoOf) -> Face:
    """Return the face from the contact list if possible; without availability, as they are calling."""
    if listed := contact(context.state, party.contact_id):
        return face(context, listed, photo_of)
    return Face(
        name=party.name or context.words("Name missing"),
        initials=initials(*party.name.split(" ", 1)),
        presence="available",
        presence_words="",
        intent=OpenPerson(party.contact_id),
    )


def why(context: PageContext, reason: ForcedReason, text: str) -> str:
    """Return the reason of a forced call: the predefined text, and the caller's own."""
    words = context.words
    reasons: dict[ForcedReason, str] = {
        "alarm": words("Because of an alarm"),
        "no-answer": words("Because you have not answered"),
        "welfare": words("To see how you are"),
        "medicine": words("About your medicine"),
        "agreed": words("As agreed with you"),
        "other": "",
    }
    if len(text) > LONGEST_REASON:
        text = text[:LONGEST_REASON].rsplit(" ", 1)[0] + " …"
    return ": ".join(part for part in (reasons[reason], text.strip()) if part)


def _ringing(context: PageContext, call: Call, who: Face) -> CallPage:
    words = context.words
    lines = [words("You asked for a call.")] if call.about.kind == "urgent" else []
    lines += [words("Customer service")] if call.about.kind == "service" else []
    lines += [words("The ring is switched off.")] if context.state.mute.until else []
    return CallPage(
        state="ringing",
        face=who,
        headline=words("{name} is calling", name=who.name),
        lines=lines,
        buttons=[
            Button(words=words("Answer"), icon="call", intent=AnswerCall(call.id)),
            Button(words=words("Not now"), icon="hang-up", intent=RefuseCall(call.id)),
        ],
    )


def _calling(context: PageContext, call: Call, who: Face) -> CallPage:
    return CallPage(
        state="calling",
        face=who,
        headline=context.words("Calling {name}", name=who.name),
        lines=[
            line
            for line in (
                _way(context, call, who.name),
                context.words("Wait a moment. You will see here when they answer."),
            )
            if line
        ],
        buttons=[Button(words=context.words("Stop calling"), icon="hang-up", intent=HangUp(call.id))],
    )


def _way(context: PageContext, call: Call, name: str) -> str:
    """Return how the callee is being reached, or what was done instead (K15)."""
    ways = {
        "unknown": "",
        "trying": context.words("Trying to reach {name}.", name=name),
        "page": context.words("It rings where {name} is.", name=name),
        "phone": context.words("{name}: the phone rings.", name=name),
        "written": context.words("A message has been sent to {name}.", name=name),
    }
    return ways[call.way]


def _countdown(context: PageContext, call: Call, who: Face) -> CallPage:
    words, left = context.words, seconds_left(context.state, context.now)
    return CallPage(
        state="countdown",
        face=who,
        headline=who.name,
        lines=[
            line
            for line in (
                why(context, call.about.reason, call.about.reason_text),
                words("The call opens by itself."),
            )
            if line
        ],
        countdown=str(left) if left is not None else "",
        forced=True,
        buttons=[Button(words=words("Not now"), icon="hang-up", intent=RefuseCall(call.id))],
    )


def _connected(context: PageContext, call: Call, who: Face) -> CallPage:
    is_connected = call.stage == "connected"
    lines = _lines(context, call, who.name) if is_connected else [_connecting(context, call)]
    headline = who.name
    if call.hang_up_asked_until_s is not None:
        headline, lines = (
            context.words("Do you want to end the call?"),
            [context.words("Then press once more.")],
        )
    has_picture = is_connected and call.picture != "none"
    return CallPage(
        state="connected",
        face=who,
        headline=headline,
        lines=lines,
        frames=call.frames if has_picture else "",
        notice=_notice(context, call),
        forced=call.forced,
        buttons=[_hang_up(context, call)],
        loudness=_loudness(context),
    )


def _loudness(context: PageContext) -> Loudness | None:
    """The simple profile has two things to touch, and how loud it is stays as it was."""
    view = context.state.documents.view
    if view and view.profile == "simple":
        return None
    step, words = context.state.calls.loudness, context.words
    softer = Button(words=words("Softer"), icon="softer", intent=SetLoudness(step - 1))
    louder = Button(words=words("Louder"), icon="louder", intent=SetLoudness(step + 1))
    return Loudness(
        step=step,
        most=MOST_LOUDNESS,
        softer=softer if step > 1 else None,
        louder=louder if step < MOST_LOUDNESS else None,
    )


def _connecting(context: PageContext, call: Call) -> str:
    if call.restores:
        return context.words("The connection broke off. It is being restored.")
    return context.words("One moment, connecting.")


def _lines(context: PageContext, call: Call, name: str) -> list[str]:
    """Return what the caller sees in a forced call, and which components do not work."""
    words = context.words
    lines = []
    if call.forced and "camera" not in call.troubles:
        rooms = {
            "off": words("{name} hears you and does not see you yet.", name=name),
            "blurred": words("{name} hears you and sees the room blurred.", name=name),
            "clear": words("{name} sees and hears you.", name=name),
        }
        lines.append(rooms[call.room])
    troubles: dict[Part, str] = {
        "camera": words("The camera does not work: {name} does not see you.", name=name),
        "microphone": words("The microphone does not work: {name} does not hear you.", name=name),
        "speaker": words("The loudspeaker does not work: you do not hear {name}.", name=name),
    }
    return lines + [line for part, line in troubles.items() if part in call.troubles]


def _notice(context: PageContext, call: Call) -> str:
    """Return one notice; an open question comes first."""
    words = context.words
    if call.warned:
        return words("The call ends in one minute")
    return words("The picture is poor") if call.picture == "poor" else ""


def _hang_up(context: PageContext, call: Call) -> Button:
    """Return the button; where the view asks for two presses, the first one only asks (V23)."""
    is_asked = call.hang_up_asked_until_s is not None
    words = context.words("Yes, end it") if is_asked else context.words("End the call")
    return Button(words=words, icon="hang-up", intent=HangUp(call.id), on=is_asked)


def _ending(context: PageContext, how: Ending, name: str) -> str:
    words = context.words
    endings: dict[Ending, str] = {
        "ended": words("The call has ended."),
        "limit": words("The call has reached its limit."),
        "lost": words("The connection to {name} was lost.", name=name),
        "refused": words("{name} cannot talk just now.", name=name),
        "busy": words("{name} is talking with somebody else.", name=name),
        "not-reachable": words("{name} cannot be reached now.", name=name),
        "not-answered": words("{name} did not answer.", name=name),
        "no-link": words("There is no connection now: it is not possible to call."),
        "failed": words("The call could not be connected."),
    }
    return endings[how]
