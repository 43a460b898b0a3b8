"""The desk's page: its QR code or its address and claim, the resident's name, then enrolment."""

from msgspec.structs import replace

from device.contract.claim import Invitation, claim_letters, read_invitation, typed_desk
from device.contract.errors import Malformed
from device.rules.setup.effects import AskDesk, Enrol
from device.rules.setup.events import CodeSeen, DeskAnswered, Enrolled, SetupEvent, Touched
from device.rules.setup.moves import Outcome, fail, passed
from device.rules.setup.state import State, Subject
from device.rules.typing import Typing, typed
from device.window_protocol.intents import SetUp, TypeKey

LONGEST_ADDRESS = 100
LONGEST_CLAIM = 12


def step(state: State, event: SetupEvent) -> Outcome:
    """Handle events of the desk's page."""
    match event:
        case DeskAnswered() if state.invitation and state.is_busy:
            return _answered(state, state.invitation, event)
        case Enrolled() if state.is_busy:
            return _enrolled(state, event)
    return (state, ()) if state.kept.stage != "desk" or state.is_busy else _on_page(state, event)


def _on_page(state: State, event: SetupEvent) -> Outcome:
    match event:
        case CodeSeen(text=text) if state.view == "scanning":
            return _shown(state, text)
        case Touched(intent=TypeKey() as key) if state.view == "typing":
            return _type(state, key)
        case Touched(intent=SetUp() as intent):
            return _touched(state, intent)
    return state, ()


def _enrolled(state: State, event: Enrolled) -> Outcome:
    if event.trouble:
        return fail(replace(state, claimed=None, view=""), event.trouble, event.detail)
    return passed(replace(state, invitation=None, kept=replace(state.kept, is_enrolled=True)))


def _touched(state: State, intent: SetUp) -> Outcome:
    match intent.act:
        case "scan":
            return replace(state, view="scanning", trouble=""), ()
        case "type":
            return _typing(state, "claim" if state.kept.desk else "address"), ()
        case "type-address":
            return replace(_typing(state, "address"), typing=Typing(text=state.kept.desk)), ()
        case "confirm" if state.claimed and state.invitation:
            return replace(state, is_busy=True, trouble=""), (Enrol(invitation=state.invitation),)
        case "back":
            return replace(state, view="", trouble="", invitation=None, claimed=None), ()
    return state, ()


def _typing(state: State, subject: Subject) -> State:
    return replace(state, view="typing", subject=subject, typing=Typing(), trouble="")


def _type(state: State, key: TypeKey) -> Outcome:
    if key.key != "done" or key.is_group:
        most = LONGEST_ADDRESS if state.subject == "address" else LONGEST_CLAIM
        return replace(state, trouble="", typing=typed(state.typing, key, most)), ()
    if state.subject == "address":
        return _take_address(state)
    try:
        host, port = typed_desk(state.kept.desk)
        claim = claim_letters(state.typing.text)
    except Malformed:
        return fail(state, "no-claim-typed")
    return _ask(state, Invitation(host=host, port=port, claim=claim))


def _take_address(state: State) -> Outcome:
    try:
        typed_desk(state.typing.text)
    except Malformed:
        return fail(state, "no-address-typed")
    kept = replace(state.kept, desk=state.typing.text.strip())
    return _typing(replace(state, kept=kept), "claim"), ()


def _shown(state: State, text: str) -> Outcome:
    try:
        return _ask(state, read_invitation(text))
    except Malformed:
        return fail(state, "another-code")


def _ask(state: State, invitation: Invitation) -> Outcome:
    state = replace(state, invitation=invitation, is_busy=True, trouble="", view="")
    return state, (AskDesk(invitation=invitation),)


def _answered(state: State, invitation: Invitation, answer: DeskAnswered) -> Outcome:
    if answer.claimed is None:
        return fail(replace(state, invitation=None), answer.trouble, answer.detail)
    return (
        replace(
            state,
            is_busy=False,
            view="confirming",
            claimed=answer.claimed,
            mark=answer.mark,
            # From now on only this authority is trusted: the one that a person has compared.
            invitation=replace(invitation, mark=answer.mark),
        ),
        (),
    )
