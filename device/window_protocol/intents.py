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


class CancelUrgentCall(Struct, frozen=True, tag_field="kind", tag="cancel-urgent-call"):
    """No call is wanted after all: the button that is there while the seconds are counted."""


class SilenceRing(Struct, frozen=True, tag_field="kind", tag="silence-ring"):
    """Let no call be heard for so many hours; 0 until the morning."""

    hours: Literal[0, 1, 2]


class LetRing(Struct, frozen=True, tag_field="kind", tag="let-ring"):
    """Let calls be heard again."""


class OpenPerson(Struct, frozen=True, tag_field="kind", tag="open-person"):
    """A face was touched."""

    contact_id: str


class OpenPage(Struct, frozen=True, tag_field="kind", tag="open-page"):
    """Go to a page that has no subject of its own."""

    page: Literal["home", "today", "people", "cafe", "visits", "queue", "urgent", "mute", "messages", "album"]


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


class ChooseQueue(Struct, frozen=True, tag_field="kind", tag="choose-queue"):
    """A topic of customer service was touched; empty goes back to the topics."""

    queue_id: str


class JoinQueue(Struct, frozen=True, tag_field="kind", tag="join-queue"):
    """Join the line of this topic, to write or to talk with picture."""

    queue_id: str
    way: Literal["text", "video"]


class AskToLeaveQueue(Struct, frozen=True, tag_field="kind", tag="ask-to-leave-queue"):
    """Leave? It is asked once; ``stays`` is the answer no."""

    stays: bool = False


class LeaveQueue(Struct, frozen=True, tag_field="kind", tag="leave-queue"):
    """Leave the line or the conversation, at once (Q8)."""


class SendReply(Struct, frozen=True, tag_field="kind", tag="send-reply"):
    """A ready answer was touched."""

    text: str


class WriteMessage(Struct, frozen=True, tag_field="kind", tag="write-message"):
    """Open the keyboard to write to the agent, or close it."""


class AskForVideo(Struct, frozen=True, tag_field="kind", tag="ask-for-video"):
    """Go on with picture and sound (Q5)."""


class RefuseVideo(Struct, frozen=True, tag_field="kind", tag="refuse-video"):
    """Keep writing: no picture, no sound (Q5)."""


class AnswerCallBack(Struct, frozen=True, tag_field="kind", tag="answer-call-back"):
    """Be called back instead of waiting, or wait."""

    accepted: bool


class RateVisit(Struct, frozen=True, tag_field="kind", tag="rate-visit"):
    """Whether it was good, by one of three faces."""

    visit_id: str
    rating: Literal["good", "fair", "bad"]


class CloseVisit(Struct, frozen=True, tag_field="kind", tag="close-visit"):
    """The end of the visit has been seen."""

    visit_id: str


class AnswerMessage(Struct, frozen=True, tag_field="kind", tag="answer-message"):
    """A message was read, confirmed, answered with hearts, or put off for ten minutes."""

    message_id: str
    answer: Literal["ok", "taken", "later", "one-heart", "two-hearts", "three-hearts"]


SetUpAct = Literal[
    "language",
    "stages",
    "stage",
    "next",
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
    """The installer's wizard: what was chosen, and which (a language, a stage, a network, a reason)."""

    act: SetUpAct
    value: str = ""


class ReadAloud(Struct, frozen=True, tag_field="kind", tag="read-aloud"):
    """Say the words of the message that has the screen."""

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

# What turns the pages of a long list: the window's own matter, but heard and spoken.
Arrow = Literal["more", "fewer", "today", "tomorrow"]
