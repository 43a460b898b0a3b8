"""The wizard's pages of the hardware check, of missing setup, and of the end."""

from collections.abc import Callable, Mapping

from device.rules.setup.state import Stage, State
from device.screen.setup_places import keyboard, skip_button, steps, waiting
from device.screen.setup_words import gap_lines, stage_name, trouble_words
from device.screen.words import Words
from device.window_protocol.intents import SetUp
from device.window_protocol.model import Button, LinePage, MeasurePage, Page, PicturePage, TypingPage


def part_page(state: State, words: Words) -> Page:
    """Return the page of the stage."""
    return _PAGES[state.kept.stage](state, words)


def _sound(state: State, words: Words) -> LinePage:
    if state.is_busy:
        return waiting(words("A tone is played for the microphone"), words)
    return LinePage(
        headline=stage_name("sound", words),
        words=trouble_words(state, words),
        acts=[_again(words), skip_button(words)],
        back=steps(words),
    )


def _camera(state: State, words: Words) -> PicturePage:
    acts = [skip_button(words)]
    if state.frames:
        acts.insert(0, Button(words=words("I see it"), icon="check", intent=SetUp("next")))
    return PicturePage(
        title=words("Is the resident's place in the picture?"),
        words=trouble_words(state, words),
        frames=state.frames,
        acts=acts,
        back=steps(words),
    )


def _buttons(state: State, words: Words) -> LinePage:
    names = state.device.buttons
    lines = [
        words("Button “{name}”: pressed", name=name)
        if name in state.pressed
        else words("Button “{name}”", name=name)
        for name in names
    ]
    return LinePage(
        headline=words("Press each help button once"),
        words=words("Nobody is called now."),
        lines=lines,
        acts=[skip_button(words)],
        back=steps(words),
    )


def _pendants(state: State, words: Words) -> LinePage:
    if not state.sender:
        return LinePage(
            headline=words("Press the help pendant"),
            words=words("Nobody is called now."),
            acts=[skip_button(words)],
            back=steps(words),
        )
    return LinePage(
        headline=words("Pendant {number}", number=state.sender),
        words=words("Was it the resident's pendant? Press again to be sure."),
        acts=[
            Button(words=words("Yes, learn it"), icon="check", intent=SetUp("confirm")),
            skip_button(words),
        ],
        back=steps(words),
    )


def _modem(state: State, words: Words) -> LinePage | TypingPage:
    if state.view == "typing":
        return TypingPage(
            title=stage_name("modem", words),
            words=trouble_words(state, words) or words("Your own telephone number"),
            keyboard=keyboard(state, words),
            back=Button(words=words("Back"), icon="undo", intent=SetUp("back")),
        )
    if state.is_busy:
        return waiting(words("A message is sent to {number}", number=state.typing.text), words)
    return LinePage(
        headline=stage_name("modem", words),
        words=trouble_words(state, words) or words("This device sends a message to your telephone."),
        acts=[
            Button(words=words("Type the number"), icon="write", intent=SetUp("type")),
            skip_button(words),
        ],
        back=steps(words),
    )


def _panel(state: State, words: Words) -> MeasurePage:
    return MeasurePage(
        title=stage_name("panel", words),
        words=words("Hold a bank card to the frame: they must be the same size."),
        too_small=words("Too small: at least ten inches are needed"),
        scale=state.card_scale,
        acts=[
            Button(words=words("Smaller"), icon="softer", intent=SetUp("narrower")),
            Button(words=words("Larger"), icon="louder", intent=SetUp("wider")),
            Button(words=words("Same size"), icon="check", intent=SetUp("confirm")),
        ],
        back=steps(words),
    )


def _missing(state: State, words: Words) -> LinePage:
    if state.is_busy:
        return waiting(words("Asking the care desk"), words)
    gaps = state.gaps or ()
    headline = words("Still missing at the care desk") if gaps else words("Nothing is missing")
    if state.gaps is None:
        headline = trouble_words(state, words)
    return LinePage(
        headline=headline,
        words="",
        lines=gap_lines(gaps, words),
        acts=[_again(words), Button(words=words("Continue"), icon="check", intent=SetUp("next"))],
        back=steps(words),
    )


def _done(state: State, words: Words) -> LinePage:
    left_out = [stage_name(stage, words) for stage in state.kept.skipped]
    return LinePage(
        headline=words("Ready"),
        words=words("The resident's screen comes next."),
        lines=[words("Left out: {steps}", steps=", ".join(left_out))] if left_out else [],
        acts=[Button(words=words("Start"), icon="home", intent=SetUp("confirm"))],
        back=steps(words),
    )


def _again(words: Words) -> Button:
    return Button(words=words("Try again"), icon="undo", intent=SetUp("again"))


_PAGES: Mapping[Stage, Callable[[State, Words], Page]] = {
    "sound": _sound,
    "camera": _camera,
    "buttons": _buttons,
    "pendants": _pendants,
    "modem": _modem,
    "panel": _panel,
    "missing": _missing,
    "done": _done,
}
