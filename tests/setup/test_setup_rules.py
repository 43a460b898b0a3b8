"""The wizard as stories: what an installer does, and what they see."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device.contract.claim import ClaimedFor, Invitation, invitation_text
from device.rules.setup import effects as fx
from device.rules.setup import events as ev
from device.rules.setup.network import wifi_code
from device.rules.setup.state import STAGES, Device, Kept, Network, State, WifiNetwork
from device.rules.setup.step import step
from device.screen.setup import compose_setup
from device.window_protocol.intents import SetUp, SetUpAct, TypeKey
from device.window_protocol.model import Screen
from hal.ports import PARTS

pytestmark = pytest.mark.requirement("K7")

HOME = WifiNetwork(ssid="Korhonen", strength=80, security="password")
CABLE = Network(connection="cable")
AIR = Network(has_wifi=True, seen=(HOME,))
MARK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE = Invitation(host="desk.example", claim="ABCDEFGH", mark=MARK)
AINO = ClaimedFor(resident="Aino Virtanen", organisation="Home", replaces=False)
FULL = Device(parts=frozenset(PARTS), buttons=("help", "wc"))
BARE = Device()
BEGINNING = Kept()


class Installer:
    """Somebody impatient in front of the wizard."""

    def __init__(self, device: Device = BARE, kept: Kept = BEGINNING) -> None:
        self.state = State()
        self.asked: list[fx.SetupEffect] = []
        self.happens(ev.Began(kept=kept, device=device))

    def happens(self, event: ev.SetupEvent) -> "Installer":
        self.state, effects = step(self.state, event)
        self.asked += effects
        return self

    def taps(self, act: SetUpAct, value: str = "") -> "Installer":
        return self.happens(ev.Touched(intent=SetUp(act, value)))

    def types(self, text: str) -> "Installer":
        for key in (*text, "done"):
            self.happens(ev.Touched(intent=TypeKey(key)))
        return self

    def screen_text(self) -> str:
        return repr(compose_setup(self.state).page)

    def is_at(self, stage: str) -> bool:
        return self.state.kept.stage == stage


def enrolled(device: Device = BARE) -> Installer:
    """Through to the first check, by cable and QR code."""
    installer = Installer(device).taps("language", "en").happens(ev.NetworkSeen(network=CABLE))
    installer.taps("scan").happens(ev.CodeSeen(text=invitation_text(CODE)))
    installer.happens(ev.DeskAnswered(claimed=AINO, mark=MARK)).taps("confirm")
    return installer.happens(ev.Enrolled())


def test_with_a_cable_and_a_code_five_taps_are_enough() -> None:
    """Language, show the code, confirm; then what the device cannot check of itself."""
    installer = enrolled()
    assert installer.is_at("panel")
    installer.taps("confirm").happens(ev.GapsReceived(gaps=())).taps("next")
    assert installer.is_at("done")
    assert fx.Finish() not in installer.asked
    assert fx.Finish() in installer.taps("confirm").asked


def test_whose_it_is_is_confirmed_before_the_claim_is_used() -> None:
    """A wrong code costs nothing."""
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=CABLE))
    installer.taps("scan").happens(ev.CodeSeen(text=invitation_text(CODE)))
    installer.happens(ev.DeskAnswered(claimed=AINO, mark=MARK))
    assert "Aino Virtanen" in installer.screen_text()
    assert not [effect for effect in installer.asked if isinstance(effect, fx.Enrol)]
    installer.taps("back")
    assert installer.is_at("desk")


def test_a_typed_code_shows_the_desks_mark_and_holds_on_to_it() -> None:
    """Nobody in between can pass for the desk: what was compared is what is enrolled with."""
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=CABLE))
    installer.taps("type").types("desk.example").types("abcd-efgh")
    assert installer.asked[-1] == fx.AskDesk(invitation=Invitation(host="desk.example", claim="ABCDEFGH"))
    installer.happens(ev.DeskAnswered(claimed=AINO, mark=MARK))
    assert "ABCD EFGH IJKL MNOP" in installer.screen_text()
    assert fx.Enrol(invitation=replace(CODE)) in installer.taps("confirm").asked


def test_a_wrong_password_can_be_tried_again() -> None:
    """What was typed stays, to be mended; the words say what is wrong."""
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=AIR))
    installer.taps("join", "Korhonen").types("wrong horse")
    assert installer.asked[-1] == fx.JoinNetwork(network=HOME, password="wrong horse")
    installer.happens(ev.JoinEnded(trouble="wrong-password"))
    assert "The password is wrong" in installer.screen_text()
    assert "wrong horse" in installer.screen_text()
    installer.types("s").happens(ev.JoinEnded())
    installer.happens(ev.NetworkSeen(network=Network(connection="wifi", name="Korhonen", has_wifi=True)))
    assert installer.is_at("desk")


def test_a_portal_is_said_and_does_not_count_as_a_network() -> None:
    """The installer can choose another network, or leave this out."""
    portal = Network(connection="wifi", name="Hotel", has_wifi=True, is_portal=True, seen=(HOME,))
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=portal))
    assert installer.is_at("network")
    assert "sign-in on a web page" in installer.screen_text()
    assert "Korhonen" in installer.screen_text()


def test_another_network_can_be_chosen_instead_of_the_one_that_is_connected() -> None:
    """A hotel's network turns out to want a sign-in only at the desk's step."""
    hotel = Network(connection="wifi", name="Hotel", has_wifi=True, seen=(HOME,))
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=hotel))
    installer.taps("stage", "network").taps("networks")
    assert "Korhonen" in installer.screen_text()
    installer.taps("join", "Korhonen").types("right horse").happens(ev.JoinEnded())
    joined = Network(connection="wifi", name="Korhonen", has_wifi=True, seen=(HOME,))
    installer.happens(ev.NetworkSeen(network=joined))
    assert fx.JoinNetwork(network=HOME, password="right horse") in installer.asked
    assert "Korhonen" in installer.screen_text()
    assert installer.taps("next").is_at("desk")


def test_every_part_is_checked_by_what_it_does() -> None:
    """By measurement, press, learning or sending: no check is a question to confirm blindly."""
    installer = enrolled(FULL)
    assert installer.is_at("sound")
    installer.happens(ev.SoundTested(detail="the tone was not heard"))
    assert "did not hear" in installer.screen_text()
    installer.taps("again").happens(ev.SoundTested())
    assert "I see it" not in installer.screen_text()
    installer.happens(ev.CameraShows(frames="/run/frames")).taps("next")
    installer.happens(ev.ButtonPressed(name="help"))
    assert installer.is_at("buttons")
    installer.happens(ev.ButtonPressed(name="wc"))
    installer.taps("confirm")
    assert installer.is_at("pendants")
    installer.happens(ev.PendantHeard(sender="0029CAFE")).taps("confirm")
    assert fx.LearnPendant(sender="0029CAFE") in installer.asked
    installer.taps("type").types("358401234567")
    assert installer.asked[-1] == fx.SendText(number="+358401234567")
    installer.happens(ev.TextEnded())
    assert installer.is_at("panel")


def test_a_bank_card_measures_the_panel() -> None:
    """A frame that must grow by a tenth stands on a panel that is narrower by as much."""
    installer = enrolled()
    for _ in range(5):
        installer.taps("wider")
    installer.taps("confirm")
    width = next(effect.width_mm for effect in installer.asked if isinstance(effect, fx.SetWidth))
    assert width == pytest.approx(217 / 1.02**5, abs=0.1)


def test_a_step_is_left_out_with_a_reason_and_can_be_done_later() -> None:
    """The end says what was left out."""
    installer = enrolled(FULL).taps("ask-to-skip").taps("skip", "broken")
    assert installer.state.kept.skipped == {"sound": "broken"}
    installer.happens(ev.GapsReceived(gaps=())).taps("stage", "done")
    assert "Loudspeaker" in installer.screen_text()
    installer.taps("stage", "sound").happens(ev.SoundTested())
    assert installer.state.kept.skipped == {}


def test_the_desk_cannot_be_left_out() -> None:
    """A device that is nobody's has no home to show."""
    installer = Installer().taps("language", "en").happens(ev.NetworkSeen(network=CABLE))
    installer.taps("ask-to-skip").taps("skip", "later")
    assert installer.is_at("desk")
    installer.taps("stage", "done")
    assert installer.is_at("desk")


def test_power_may_fail_anywhere() -> None:
    """What was done stays done; what was typed is asked again."""
    before = enrolled(FULL).happens(ev.SoundTested())
    after = Installer(FULL, before.state.kept)
    assert after.is_at("camera")
    assert after.state.kept == before.state.kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WIFI:T:WPA;S:Korhonen;P:kissan viikset;;", ("Korhonen", "kissan viikset")),
        ("WIFI:S:a\\;b\\:c;T:WPA;P:p\\\\q;H:false;;", ("a;b:c", "p\\q")),
        ("WIFI:T:nopass;S:Kahvila;;", ("Kahvila", "")),
        ("WIFI:T:WPA;P:x;;", None),
        ("KOTIRUUTU:1:", None),
    ],
)
def test_the_routers_code_is_read(text: str, found: tuple[str, str] | None) -> None:
    """With everything escaped that has a meaning in it."""
    assert wifi_code(text) == found


ACTS: list[SetUpAct] = [
    "language", "stages", "stage", "next", "ask-to-skip", "skip", "join", "scan", "type", "type-address",
    "confirm", "again", "wider", "narrower", "back",
]  # fmt: skip
TOUCHES = st.builds(
    SetUp, st.sampled_from(ACTS), st.sampled_from(["fi", "sv", "later", "Korhonen", "", *STAGES])
)
KEYS = st.builds(TypeKey, st.sampled_from(["a", "B", "7", "+", ".", "done", "erase", "shift"]))
EVENTS: Any = st.one_of(
    st.builds(lambda intent: ev.Touched(intent=intent), st.one_of(TOUCHES, KEYS)),
    st.sampled_from(
        [
            ev.NetworkSeen(network=AIR),
            ev.NetworkSeen(network=CABLE),
            ev.JoinEnded(),
            ev.JoinEnded(trouble="no-address"),
            ev.CameraShows(frames="/run/frames"),
            ev.CodeSeen(text=invitation_text(CODE)),
            ev.CodeSeen(text="WIFI:T:WPA;S:Korhonen;P:kissan viikset;;"),
            ev.DeskAnswered(claimed=AINO, mark=MARK),
            ev.DeskAnswered(trouble="clock"),
            ev.Enrolled(),
            ev.Enrolled(trouble="claim-used"),
            ev.SoundTested(),
            ev.ButtonPressed(name="help"),
            ev.PendantHeard(sender="0029CAFE"),
            ev.TextEnded(detail="no network"),
            ev.GapsReceived(gaps=None),
            ev.GapsReceived(gaps=("view",)),
        ]
    ),
)


@given(st.lists(EVENTS, max_size=60))
def test_whatever_happens_there_is_a_page_and_a_claim_is_used_only_when_confirmed(events: list[Any]) -> None:
    """Each state can be drawn and started again; enrolment follows a desk's answer, and the end enrolment."""
    installer, was_answered = Installer(FULL), False
    for event in events:
        asked = len(installer.asked)
        installer.happens(event)
        was_answered = was_answered or (isinstance(event, ev.DeskAnswered) and event.claimed is not None)
        for effect in installer.asked[asked:]:
            assert was_answered or not isinstance(effect, fx.Enrol)
            assert installer.state.kept.is_enrolled or not isinstance(effect, fx.Finish)
        assert isinstance(compose_setup(installer.state), Screen)
    assert Installer(FULL, installer.state.kept).state.kept.stage in STAGES
