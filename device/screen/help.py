"""Help on the screen: every step in words, and never more than is known (K3)."""

from typing import Literal

from device.rules.press import HOLD_S
from device.rules.state import Request, Stage
from device.screen.intents import OpenPage, PressHelp
from device.screen.model import Button, HelpButton, HelpPage, HelpState, Step
from device.screen.scene import Scene

_STATES: dict[Stage, HelpState] = {
    "sending": "sending",
    "received": "received",
    "taken": "coming",
    "arrived": "here",
    "closed": "over",
}
_STAGES: tuple[Stage, ...] = ("sending", "received", "taken", "arrived")


def help_button(scene: Scene) -> HelpButton:
    """At the same place on every page; while a request is open it says how it is doing."""
    request = scene.state.requests.help
    if request is None or not request.open:
        policy = scene.state.documents.policy
        must_hold = policy is not None and policy.help.screen == "hold"
        hold_s = HOLD_S if must_hold else 0.0
        return HelpButton(words=scene.words("Help"), intent=PressHelp(), hold_s=hold_s)
    return HelpButton(words=_briefly(scene, request), intent=PressHelp(), state=_STATES[request.stage])


def help_page(scene: Scene) -> HelpPage | None:
    """The way from the press to a person at the door; None where nothing was asked for."""
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
    )


def _briefly(scene: Scene, request: Request) -> str:
    """On the button: two short words or three."""
    words, name = scene.words, request.by or scene.words("A carer")
    match request.stage:
        case "sending":
            return words("Calling for help") if scene.connected else words("Not there yet")
        case "received":
            return words("The carers know")
        case "taken":
            return words("{name} is coming", name=name)
    return words("{name} is with you", name=name)


def _headline(scene: Scene, request: Request) -> str:
    words, name = scene.words, request.by or scene.words("A carer")
    match request.stage:
        case "sending" if scene.connected:
            return words("Calling for help")
        case "sending":
            return words("Your call for help has not got through yet")
        case "received":
            return words("Your call for help has arrived")
        case "taken":
            return words("{name} is on the way to you", name=name)
        case "arrived":
            return words("{name} is with you", name=name)
    return words("The call for help is over")


def _explanation(scene: Scene, request: Request) -> str:
    words = scene.words
    match request.stage:
        case "sending" if scene.connected:
            return words("The call is being sent to the carers.")
        case "sending":
            return words("This screen keeps trying all the time.")
        case "received":
            return words("The carers have your call. You will see here who is coming.")
        case "taken":
            return words("Wait calmly. Help is coming.")
        case "arrived":
            return ""
    return words("If you need help again, touch Help.")


def _steps(scene: Scene, request: Request) -> list[Step]:
    """What has not happened is never said as if it had, not even on the step that is waited for."""
    words, name = scene.words, request.by
    done_words = {
        "sending": words("You called for help"),
        "received": words("The carers know"),
        "taken": words("{name} is coming", name=name) if name else words("Somebody is coming"),
        "arrived": words("Help is with you"),
    }
    awaited_words = {
        "received": words("Telling the carers"),
        "taken": words("Waiting for a carer"),
        "arrived": words("Help arrives"),
    }
    reached = _STAGES.index(request.stage)
    steps = []
    for index, stage in enumerate(_STAGES):
        if index <= reached:
            steps.append(Step(words=done_words[stage], state="done"))
        else:
            state: Literal["now", "ahead"] = "now" if index == reached + 1 else "ahead"
            steps.append(Step(words=awaited_words[stage], state=state))
    return steps
