"""The help page: every step in words, and never more than is known (K3)."""

from typing import Literal

from device.rules.press import HOLD_S
from device.rules.sms import newest_text
from device.rules.state import Request, Stage, TextMessage
from device.screen import help_waiting
from device.screen.page_context import PageContext
from device.window_protocol.intents import OpenPage, PressHelp
from device.window_protocol.model import Button, HelpButton, HelpPage, HelpState, Step

_STATES: dict[Stage, HelpState] = {
    "sending": "sending",
    "received": "received",
    "taken": "coming",
    "arrived": "here",
    "closed": "over",
}
_STAGES: tuple[Stage, ...] = ("sending", "received", "taken", "arrived")


def help_button(context: PageContext) -> HelpButton:
    """Return the button, at the same position on every page; an open request shows its state."""
    request = context.state.requests.help
    if request is None or not request.open:
        policy = context.state.documents.policy
        must_hold = policy is not None and policy.help.screen == "hold"
        hold_s = HOLD_S if must_hold else 0.0
        return HelpButton(words=context.words("Help"), intent=PressHelp(), hold_s=hold_s)
    return HelpButton(words=_briefly(context, request), intent=PressHelp(), state=_STATES[request.stage])


def help_page(context: PageContext) -> HelpPage | None:
    """Return the page from the press to the helper's arrival; None where nothing was requested."""
    request = context.state.requests.help
    if request is None:
        return None
    can_leave = request.stage != "sending"
    return HelpPage(
        headline=_headline(context, request),
        words=_explanation(context, request),
        state=_STATES[request.stage],
        steps=[] if request.stage == "closed" else _steps(context, request),
        back=Button(words=context.words("Back"), icon="home", intent=OpenPage("home")) if can_leave else None,
    )


def _briefly(context: PageContext, request: Request) -> str:
    """Return the button's text of two or three short words."""
    words, name = context.words, request.by or context.words("A carer")
    match request.stage:
        case "sending" if newest_text(context.state):
            return words("Text sent")
        case "sending":
            return words("Calling for help") if context.connected else words("Not there yet")
        case "received":
            return help_waiting.briefly(context, request)
        case "taken":
            return words("{name} is coming", name=name)
    return words("{name} is with you", name=name)


def _headline(context: PageContext, request: Request) -> str:
    words, name = context.words, request.by or context.words("A carer")
    match request.stage:
        case "sending" if text := newest_text(context.state):
            return _sms_words(context, text)
        case "sending" if context.connected:
            return words("Calling for help")
        case "sending":
            return words("Your call for help has not got through yet")
        case "received":
            return help_waiting.headline(context, request)
        case "taken":
            return words("{name} is on the way to you", name=name)
        case "arrived":
            return words("{name} is with you", name=name)
    return words("The call for help is over")


def _explanation(context: PageContext, request: Request) -> str:
    words = context.words
    match request.stage:
        case "sending":
            return _while_sending(context)
        case "received":
            return help_waiting.explanation(context, request)
        case "taken":
            return words("Wait calmly. Help is coming.")
        case "arrived":
            return ""
    return words("If you need help again, press Help.")


def _while_sending(context: PageContext) -> str:
    words = context.words
    if newest_text(context.state):
        return words("You will see here who is coming.")
    if context.state.sms.failures:
        return words("The screen keeps trying, by text message too.")
    if context.connected:
        return words("The call is being sent to the carers.")
    return words("This screen keeps trying all the time.")


def _sms_words(context: PageContext, text: TextMessage) -> str:
    if text.outcome == "delivered":
        return context.words("{name} has got a text message", name=text.name)
    return context.words("A text message has been sent to {name}", name=text.name)


def _steps(context: PageContext, request: Request) -> list[Step]:
    """Return the steps; none is worded as done before it is, not even the current one."""
    words, name = context.words, request.by if request.stage == "taken" else request.taken_by
    pressed = help_waiting.at(context, request.raised_at)
    steps = [Step(words=words("You called for help"), state="done", time=pressed)]
    text = newest_text(context.state)
    if text and not help_waiting.has_been_notified(request, text.name):
        steps.append(Step(words=_sms_words(context, text), state="done"))
    reached = _STAGES.index(request.stage)
    if request.at_desk or (reached > 0 and request.taken_at is None):
        steps += help_waiting.steps(context, request)
    elif not text:
        steps.append(Step(words=words("Sending the call"), state="now"))
    if reached >= _STAGES.index("taken"):
        coming = words("{name} is coming", name=name) if name else words("Somebody is coming")
        steps.append(Step(words=coming, state="done"))
    else:
        awaited = (
            words("Waiting for an answer") if not request.at_desk and text else words("Waiting for a carer")
        )
        steps.append(Step(words=awaited, state=_next(steps)))
    if request.stage == "arrived":
        return [*steps, Step(words=words("Help is with you"), state="done")]
    return [*steps, Step(words=words("Help arrives"), state=_next(steps))]


def _next(steps: list[Step]) -> Literal["now", "ahead"]:
    """Return "now" for the first step that is not done."""
    return "now" if all(step.state == "done" for step in steps) else "ahead"
