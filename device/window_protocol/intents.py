"""What the resident did. A button of the Screen carries its Intent; the window sends it back."""

from typing import Literal

from msgspec import Struct


class PressHelp(Struct, frozen=True, tag_field="kind", tag="press-help"):
    """Ask for help, or look at how the request is doing. Where help must be held, it was."""


class TouchHelp(Struct, frozen=True, tag_field="kind", tag="touch-help"):
    """A finger was put on a help button that must be held."""


class LetGoHelp(Struct, frozen=True, tag_field="kind", tag="let-go-help"):
    """It was lifted before its time."""


class CancelHelp(Struct, frozen=True, tag_field="kind", tag="cancel-help"):
    """No help is needed: the button that is there while the seconds are counted."""


class RequestUrgentCall(Struct, frozen=True, tag_field="kind", tag="request-urgent-call"):
    """The urgent-call button."""


class ToggleMute(Struct, frozen=True, tag_field="kind", tag="toggle-mute"):
    """Silence the ring, or let it be heard again."""


class OpenPerson(Struct, frozen=True, tag_field="kind", tag="open-person"):
    """A face was touched."""

    contact_id: str


class OpenPage(Struct, frozen=True, tag_field="kind", tag="open-page"):
    """Go to a page that has no subject of its own."""

    page: Literal["home", "cafe", "visits"]


class PlaceCall(Struct, frozen=True, tag_field="kind", tag="place-call"):
    """Call this person."""

    contact_id: str


class AnswerCall(Struct, frozen=True, tag_field="kind", tag="answer-call"):
    """Take the call that rings."""

    call_id: str


class RefuseCall(Struct, frozen=True, tag_field="kind", tag="refuse-call"):
    """Not now: to a call that rings, or to a forced one while it counts down."""

    call_id: str


class HangUp(Struct, frozen=True, tag_field="kind", tag="hang-up"):
    """End the call; where the view asks for two presses, the first one only asks (V23)."""

    call_id: str


class ForgetMissed(Struct, frozen=True, tag_field="kind", tag="forget-missed"):
    """The missed calls have been seen."""


class TypeKey(Struct, frozen=True, tag_field="kind", tag="type-key"):
    """A key of the keyboard on the screen: a character, a command, or the letters of a group.

    Commands are ``erase``, ``shift``, ``figures``, ``letters`` and ``done``.
    """

    key: str
    is_group: bool = False


class AskTable(Struct, frozen=True, tag_field="kind", tag="ask-table"):
    """The resident may want to sit down in this room: the café, or a meeting."""

    room: str


class EnterTable(Struct, frozen=True, tag_field="kind", tag="enter-table"):
    """Go in: to be seen and heard, or only to listen."""

    room: str
    listens: bool = False


class LeaveTable(Struct, frozen=True, tag_field="kind", tag="leave-table"):
    """Leave the table, or do not sit down after all."""


class StayAtTable(Struct, frozen=True, tag_field="kind", tag="stay-at-table"):
    """Still here."""


class SpeakAtTable(Struct, frozen=True, tag_field="kind", tag="speak-at-table"):
    """Be heard again; where only hosts speak, raise a hand."""


class RefuseMeeting(Struct, frozen=True, tag_field="kind", tag="refuse-meeting"):
    """Not this time: it does not ring again."""

    meeting_id: str


Intent = (
    PressHelp
    | TouchHelp
    | LetGoHelp
    | CancelHelp
    | RequestUrgentCall
    | ToggleMute
    | OpenPerson
    | OpenPage
    | PlaceCall
    | AnswerCall
    | RefuseCall
    | HangUp
    | ForgetMissed
    | TypeKey
    | AskTable
    | EnterTable
    | LeaveTable
    | StayAtTable
    | SpeakAtTable
    | RefuseMeeting
)

# What turns the pages of a long list: the window's own matter, but heard and spoken.
Arrow = Literal["more", "fewer"]
