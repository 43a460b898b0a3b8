"""The resident's intents. A button of the Screen contains its Intent; the window sends it back."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class PressHelp(Struct, frozen=True, tag_field="kind", tag="press-help"):
    """Request help, or open the page of an open request. Where help must be held, it was."""


class TouchHelp(Struct, frozen=True, tag_field="kind", tag="touch-help"):
    """A help button that must be held was touched."""


class LetGoHelp(Struct, frozen=True, tag_field="kind", tag="let-go-help"):
    """A help button that must be held was released early."""


class CancelHelp(Struct, frozen=True, tag_field="kind", tag="cancel-help"):
    """Cancel help, with the button that is shown during the countdown."""


class RequestUrgentCall(Struct, frozen=True, tag_field="kind", tag="request-urgent-call"):
    """Ask for an urgent call, which is placed after a countdown."""


class CancelUrgentCall(Struct, frozen=True, tag_field="kind", tag="cancel-urgent-call"):
    """Cancel an urgent call, with the button that is shown during the countdown."""


class SilenceRing(Struct, frozen=True, tag_field="kind", tag="silence-ring"):
    """Mute the ring for so many hours; 0 until the morning."""

    hours: Literal[0, 1, 2]


class LetRing(Struct, frozen=True, tag_field="kind", tag="let-ring"):
    """Unmute the ring before the time is over."""


class OpenPerson(Struct, frozen=True, tag_field="kind", tag="open-person"):
    """Open the page of a contact whose face was touched."""

    contact_id: str


class OpenLetter(Struct, frozen=True, tag_field="kind", tag="open-letter"):
    """Show the contacts whose name begins with this letter."""

    letter: Annotated[str, Meta(max_length=1)]


class OpenPage(Struct, frozen=True, tag_field="kind", tag="open-page"):
    """Open a page that has no parameters."""

    page: Literal[
        "home",
        "today",
        "people",
        "letters",
        "cafe",
        "visits",
        "queue",
        "urgent",
        "mute",
        "messages",
        "album",
        "installer",
    ]


class PlaceCall(Struct, frozen=True, tag_field="kind", tag="place-call"):
    """Call this contact, if they can be reached now."""

    contact_id: str


class AnswerCall(Struct, frozen=True, tag_field="kind", tag="answer-call"):
    """Answer the call that rings, if it is still the one that was shown."""

    call_id: str


class RefuseCall(Struct, frozen=True, tag_field="kind", tag="refuse-call"):
    """Refuse a ringing call, or a forced one during its countdown."""

    call_id: str


class HangUp(Struct, frozen=True, tag_field="kind", tag="hang-up"):
    """End the call; where the view asks for two presses, the first one only asks (V23)."""

    call_id: str


class SetLoudness(Struct, frozen=True, tag_field="kind", tag="set-loudness"):
    """Set the loudness of the other end of calls, from 1 to 5."""

    loudness: int


class ForgetMissed(Struct, frozen=True, tag_field="kind", tag="forget-missed"):
    """Mark the missed calls as seen."""


class TypeKey(Struct, frozen=True, tag_field="kind", tag="type-key"):
    """A key of the on-screen keyboard: a character, a command, or the letters of a group.

    Commands are ``erase``, ``shift``, ``figures``, ``letters`` and ``done``.
    """

    key: str
    is_group: bool = False


class AskTable(Struct, frozen=True, tag_field="kind", tag="ask-table"):
    """Open the question whether to join this room: the café, or a meeting."""

    room: str


class EnterTable(Struct, frozen=True, tag_field="kind", tag="enter-table"):
    """Join the table: with camera and microphone, or only to listen."""

    room: str
    listens: bool = False


class LeaveTable(Struct, frozen=True, tag_field="kind", tag="leave-table"):
    """Leave the table, or do not join."""


class StayAtTable(Struct, frozen=True, tag_field="kind", tag="stay-at-table"):
    """Confirm that the resident is still there."""


class SpeakAtTable(Struct, frozen=True, tag_field="kind", tag="speak-at-table"):
    """Unmute; where only hosts speak, raise a hand."""


class RefuseMeeting(Struct, frozen=True, tag_field="kind", tag="refuse-meeting"):
    """Decline a meeting: it does not ring again."""

    meeting_id: str


class ChooseQueue(Struct, frozen=True, tag_field="kind", tag="choose-queue"):
    """A topic of customer service was touched; empty returns to the topics."""

    queue_id: str


class JoinQueue(Struct, frozen=True, tag_field="kind", tag="join-queue"):
    """Join the queue of this topic, for text or video."""

    queue_id: str
    way: Literal["text", "video"]


class AskToLeaveQueue(Struct, frozen=True, tag_field="kind", tag="ask-to-leave-queue"):
    """Ask whether to leave; ``stays`` is the answer no."""

    stays: bool = False


class LeaveQueue(Struct, frozen=True, tag_field="kind", tag="leave-queue"):
    """Leave the queue or the conversation, at once (Q8)."""


class SendReply(Struct, frozen=True, tag_field="kind", tag="send-reply"):
    """Send one of the predefined answers of the queue to the agent."""

    text: str


class WriteMessage(Struct, frozen=True, tag_field="kind", tag="write-message"):
    """Open the keyboard to write to the agent, or close it."""


class AskForVideo(Struct, frozen=True, tag_field="kind", tag="ask-for-video"):
    """Ask the agent to go on with picture (Q5)."""


class RefuseVideo(Struct, frozen=True, tag_field="kind", tag="refuse-video"):
    """Decline video and keep writing (Q5)."""


class AnswerCallBack(Struct, frozen=True, tag_field="kind", tag="answer-call-back"):
    """Accept or decline to be called back instead of waiting."""

    accepted: bool


class RateVisit(Struct, frozen=True, tag_field="kind", tag="rate-visit"):
    """Rate the visit with one of three faces."""

    visit_id: str
    rating: Literal["good", "fair", "bad"]


class CloseVisit(Struct, frozen=True, tag_field="kind", tag="close-visit"):
    """Close the page of the visit's end."""

    visit_id: str


class AnswerMessage(Struct, frozen=True, tag_field="kind", tag="answer-message"):
    """Answer a message: read, confirmed, hearts, or postponed for ten minutes."""

    message_id: str
    answer: Literal["ok", "taken", "later", "one-heart", "two-hearts", "three-hearts"]


SetUpAct = Literal[
    "language",
    "stages",
    "stage",
    "next",
    "networks",
    "ask-to-skip",
    "skip",
    "join",
    "scan",
    "type",
    "type-address",
    "confirm",
    "again",
    "wider",
    "narrower",
    "back",
]


class SetUp(Struct, frozen=True, tag_field="kind", tag="set-up"):
    """A choice in the wizard, and its value (a language, a stage, a network, a reason)."""

    act: SetUpAct
    value: str = ""


class ReadAloud(Struct, frozen=True, tag_field="kind", tag="read-aloud"):
    """Read the message on the screen aloud."""

    message_id: str


Intent = (
    PressHelp
    | TouchHelp
    | LetGoHelp
    | CancelHelp
    | RequestUrgentCall
    | CancelUrgentCall
    | SilenceRing
    | LetRing
    | OpenPerson
    | OpenLetter
    | OpenPage
    | PlaceCall
    | AnswerCall
    | RefuseCall
    | HangUp
    | SetLoudness
    | ForgetMissed
    | TypeKey
    | AskTable
    | EnterTable
    | LeaveTable
    | StayAtTable
    | SpeakAtTable
    | RefuseMeeting
    | ChooseQueue
    | JoinQueue
    | AskToLeaveQueue
    | LeaveQueue
    | SendReply
    | WriteMessage
    | AskForVideo
    | RefuseVideo
    | AnswerCallBack
    | RateVisit
    | CloseVisit
    | AnswerMessage
    | ReadAloud
    | SetUp
)

# Scrolling a long list is done by the window, but acknowledged by sound and speech.
Arrow = Literal["more", "fewer", "today", "tomorrow"]
