"""The help page: every step in words, and never more than is known (K3)."""

from typing import Literal

from device.rules.press import HOLD_S
from device.rules.sms import newest_text
from device.rules.state import Request, Stage, TextMessage
from device.screen import help_waiting
from device.screen.scene import Scene
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


def help_button(scene: Scene) -> HelpButton:
    """Return the button, at the same position on every page; an open request shows its state."""
    request = scene.state.requests.help
    if request is None or not request.open:
        policy = scene.state.documents.policy
        must_hold = policy is not None and policy.help.screen == "hold"
        hold_s = HOLD_S if must_hold else 0.0
        return HelpButton(words=scene.words("Help"), intent=PressHelp(), hold_s=hold_s)
    return HelpButton(words=_briefly(scene, request), intent=PressHelp(), state=_STATES[request.stage])


def help_page(scene: Scene) -> HelpPage | None:
    """Return the page from the press to the helper's arrival; None where nothing was requested."""
    request = scene.state.requests.help
    if request is None:
        return None
    can_leave = request.stage != "sending"
    return HelpPage(
        headline=_headline(scene, request),
        words=_explanation(scene, request),
        state=_STATES[request.stage],
        steps=[] if request.stage == "closed" else _steps(scene, request),
        back=Button(words=scene.words("Back"), icon="home", intent=OpenPage("home")) if can_leave else None,
        more=scene.words("Turn the page"),
    )


def _briefly(scene: Scene, request: Request) -> str:
    """Return the button's text of two or three short words."""
    words, name = scene.words, request.by or scene.words("A carer")
    match request.stage:
        case "sending" if newest_text(scene.state):
            return words("Text sent")
        case "sending":
            return words("Calling for help") if scene.connected else words("Not there yet")
        case "received":
            return help_waiting.briefly(scene, request)
        case "taken":
            return words("{name} is coming", name=name)
    return words("{name} is with you", name=name)


def _headline(scene: Scene, request: Request) -> str:
    words, name = scene.words, request.by or scene.words("A carer")
    match request.stage:
        case "sending" if text := newest_text(scene.state):
            return _told(scene, text)
        case "sending" if scene.connected:
            return words("Calling for help")
        case "sending":
            return words("Your call for help has not got through yet")
        case "received":
            return help_waiting.headline(scene, request)
        case "taken":
            return words("{name} is on the way to you", name=name)
        case "arrived":
            return words("{name} is with you", name=name)
    return words("The call for help is over")


def _explanation(scene: Scene, request: Request) -> str:
    words = scene.words
    match request.stage:
        case "sending":
            return _while_sending(scene)
        case "received":
            return help_waiting.explanation(scene, request)
        case "taken":
            return words("Wait calmly. Help is coming.")
        case "arrived":
            return ""
    return words("If you need help again, press Help.")


def _while_sending(scene: Scene) -> str:
    words = scene.words
    if newest_text(scene.state):
        return words("You will see here who is coming.")
    if scene.state.sms.failures:
        return words("The screen keeps trying, by text message too.")
    if scene.connected:
        return words("The call is being sent to the carers.")
    return words("This screen keeps trying all the time.")


def _told(scene: Scene, text: TextMessage) -> str:
    if text.outcome == "delivered":
        return scene.words("{name} has got a text message", name=text.name)
    return scene.words("A text message has been sent to {name}", name=text.name)


def _steps(scene: Scene, request: Request) -> list[Step]:
    """Return the steps; none is worded as done before it is, not even the current one."""
    words, name = scene.words, request.by if request.stage == "taken" else request.taken_by
    pressed = help_waiting.at(scene, request.raised_at)
    steps = [Step(words=words("You called for help"), state="done", time=pressed)]
    text = newest_text(scene.state)
    if text and not help_waiting.has_been_told(request, text.name):
        steps.append(Step(words=_told(scene, text), state="done"))
    reached = _STAGES.index(request.stage)
    if request.at_desk or (reached > 0 and request.taken_at is None):
        steps += help_waiting.steps(scene, request)
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
