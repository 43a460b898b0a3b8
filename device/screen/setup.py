"""The pages of the wizard: few words, and errors that an installer can act upon."""

from device.contract.claim import ClaimedFor
from device.rules.setup.state import State, WifiNetwork, stages_of
from device.screen.setup_parts import part_page
from device.screen.setup_places import keyboard, skip_button, steps, waiting
from device.screen.setup_words import stage_name, trouble_words
from device.screen.words import Words, words_of
from device.window_protocol.intents import SetUp
from device.window_protocol.model import (
    Button,
    ChoicePage,
    LinePage,
    Page,
    PicturePage,
    Screen,
    Style,
    TypingPage,
)

# The weakest networks are of no use.
MOST_NETWORKS = 24
_LANGUAGES = (("fi", "Suomi"), ("sv", "Svenska"), ("da", "Dansk"), ("en", "English"))


def compose_setup(state: State) -> Screen:
    """Return the Screen of a state, without its revision."""
    words = words_of(state.kept.language)
    return Screen(
        revision=0,
        style=Style(language=state.kept.language, profile="installer"),
        page=_page(state, words),
        help=None,
        lost_words=words("One moment, please"),
    )


def _page(state: State, words: Words) -> Page:
    match state.view, state.kept.stage:
        case "stages", _:
            return _stages(state, words)
        case "reasons", _:
            return _reasons(state, words)
        case _, "language":
            return _languages(words)
        case _, "network":
            return network_page(state, words)
        case _, "desk":
            return _desk(state, words)
    return part_page(state, words)


def _languages(words: Words) -> ChoicePage:
    return ChoicePage(
        title="Kotiruutu",
        words="Kieli · Språk · Sprog · Language",
        choices=[
            Button(words=name, icon="chat", intent=SetUp("language", language))
            for language, name in _LANGUAGES
        ],
        back=steps(words),
    )


def _stages(state: State, words: Words) -> ChoicePage:
    choices = []
    for stage in stages_of(state):
        is_left_out, is_done = stage in state.kept.skipped, stage in state.kept.passed
        choices.append(
            Button(
                words=stage_name(stage, words),
                detail=words("Left out") if is_left_out else words("Done") if is_done else "",
                icon="undo" if is_left_out else "check" if is_done else "clock",
                intent=SetUp("stage", stage),
            )
        )
    return ChoicePage(
        title=words("All steps"),
        words=words("Touch a step to do it again."),
        choices=choices,
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="undo", intent=SetUp("stages")),
    )


def _reasons(state: State, words: Words) -> ChoicePage:
    return ChoicePage(
        title=stage_name(state.kept.stage, words),
        words=words("Why is this step left out?"),
        choices=[
            Button(words=words("It is done later"), icon="clock", intent=SetUp("skip", "later")),
            Button(words=words("It is not here"), icon="cancel", intent=SetUp("skip", "not-here")),
            Button(words=words("It is broken"), icon="no-link", intent=SetUp("skip", "broken")),
        ],
        back=Button(words=words("Back"), icon="undo", intent=SetUp("stage", state.kept.stage)),
    )


def network_page(state: State, words: Words) -> Page:
    """Return the page of the network."""
    if state.view == "typing" and state.joining and not state.is_busy:
        return TypingPage(
            title=state.joining.ssid,
            words=trouble_words(state, words) or words("The password of this network"),
            keyboard=keyboard(state, words),
            back=Button(words=words("Back"), icon="undo", intent=SetUp("back")),
        )
    if state.view == "scanning":
        return _aim(state, words, words("Hold the code of the router to the camera"))
    if state.is_busy and state.joining:
        return waiting(words("Joining {name}", name=state.joining.ssid), words)
    if state.network.connection and not state.trouble and state.view != "networks":
        return _connected(state, words)
    return _choice_of_networks(state, words)


def _connected(state: State, words: Words) -> LinePage:
    is_cable = state.network.connection == "cable"
    acts = [Button(words=words("Continue"), icon="check", intent=SetUp("next"))]
    if state.network.has_wifi:
        acts.append(Button(words=words("Other network"), icon="wifi", intent=SetUp("networks")))
    return LinePage(
        headline=words("Connected by cable") if is_cable else words("Connected"),
        words="" if is_cable else state.network.name,
        acts=acts,
        back=steps(words),
    )


def _choice_of_networks(state: State, words: Words) -> ChoicePage:
    choices = [_network_button(each, words) for each in state.network.seen[:MOST_NETWORKS]]
    if "camera" in state.device.parts and state.network.has_wifi:
        choices.insert(
            min(2, len(choices)),
            Button(words=words("The router's code"), icon="camera", intent=SetUp("scan")),
        )
    choices.append(Button(words=words("Search again"), icon="undo", intent=SetUp("again")))
    choices.append(skip_button(words))
    hint = words("Choose a network, or plug in a cable.")
    if not state.network.has_wifi:
        hint = words("Plug in a network cable. This device has no wireless network.")
    return ChoicePage(
        title=words("Network"),
        words=trouble_words(state, words) or hint,
        choices=choices,
        more=words("More"),
        fewer=words("Previous"),
        back=steps(words),
    )


def _network_button(network: WifiNetwork, words: Words) -> Button:
    strength = words("Strong") if network.strength >= 60 else words("Weak")
    if network.strength >= 35 and network.strength < 60:
        strength = words("Fair")
    detail = words("{strength}, without a password", strength=strength)
    return Button(
        words=network.ssid,
        detail=detail if network.security == "open" else strength,
        icon="wifi",
        intent=SetUp("join", network.ssid),
    )


def _desk(state: State, words: Words) -> Page:
    if state.is_busy:
        is_enrolling = state.claimed is not None
        return waiting(
            words("The device is taken in") if is_enrolling else words("Asking the care desk"), words
        )
    match state.view:
        case "typing":
            return _typing(state, words)
        case "scanning":
            return _aim(state, words, words("Hold the code of the care desk to the camera"))
        case "confirming" if state.claimed:
            return _confirm(state, state.claimed, words)
    return _ways(state, words)


def _ways(state: State, words: Words) -> LinePage:
    acts = [Button(words=words("Type the code"), icon="write", intent=SetUp("type"))]
    if "camera" in state.device.parts:
        acts.insert(0, Button(words=words("Show the code"), icon="camera", intent=SetUp("scan")))
    return LinePage(
        headline=words("Care desk"),
        words=trouble_words(state, words) or words("Somebody at the care desk chooses “Add a device”."),
        acts=acts,
        back=steps(words),
    )


def _typing(state: State, words: Words) -> TypingPage:
    is_address = state.subject == "address"
    asked = words("The address of the care desk, as desk.example")
    if not is_address:
        asked = words("The eight letters from {desk}", desk=state.kept.desk)
    back = SetUp("back") if is_address else SetUp("type-address")
    return TypingPage(
        title=words("Care desk"),
        words=trouble_words(state, words) or asked,
        keyboard=keyboard(state, words),
        back=Button(words=words("Back"), icon="undo", intent=back),
    )


def _confirm(state: State, claimed: ClaimedFor, words: Words) -> LinePage:
    """Return the page that confirms whose device it will be, in large letters."""
    lines = []
    if claimed.replaces:
        lines.append(words("The device that is there now is taken out of use."))
    if state.invitation and state.subject == "claim" and state.typing.text:
        groups = " ".join(state.mark[at : at + 4] for at in range(0, 16, 4))
        lines.append(words("At the care desk stands the same mark: {mark}", mark=groups))
    return LinePage(
        headline=claimed.resident or words("A device in stock"),
        words=claimed.organisation,
        lines=lines,
        acts=[Button(words=words("Yes, that is right"), icon="check", intent=SetUp("confirm"))],
        back=Button(words=words("No"), icon="cancel", intent=SetUp("back")),
    )


def _aim(state: State, words: Words, asked: str) -> PicturePage:
    return PicturePage(
        title=asked,
        words=trouble_words(state, words),
        frames=state.frames,
        back=Button(words=words("Back"), icon="undo", intent=SetUp("back")),
    )
