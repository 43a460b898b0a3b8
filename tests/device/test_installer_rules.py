"""A new router in a home: an installer's PIN opens the wizard's network page, which residents never see."""

import pytest
from msgspec.structs import replace

from device.contract.documents import Policy, View
from device.rules.effects import ChangeNetwork
from device.rules.events import Event, Intended, LinkChanged, Ticked
from device.rules.installer import LOCK_S, MOST_FAILURES
from device.rules.setup.effects import JoinNetwork, LookForNetworks
from device.rules.setup.events import JoinEnded, NetworkSeen
from device.rules.setup.state import Network, WifiNetwork
from device.screen.compose import compose
from device.window_protocol.intents import Intent, OpenPage, PressHelp, SetUp, TypeKey
from device.window_protocol.model import ChoicePage, Home, LinePage, Screen, TypingPage
from kiosk_ui.pages.compose import compose as draw
from kiosk_ui.pages.frame import NOTICE_STRIP
from kiosk_ui.panel import Panel
from tests.device.story import Story

pytestmark = pytest.mark.requirement("K7")

PIN = "428190"
HOME = WifiNetwork(ssid="Korhonen", strength=80, security="password")


@pytest.fixture
def story() -> Story:
    """Aino's device, whose desk has set a PIN; the router has been replaced."""
    story = Story.of_aino()
    policy = story.state.documents.policy or Policy(version=1)
    documents = replace(story.state.documents, policy=replace(policy, installer_pin=PIN))
    story.state = replace(story.state, documents=documents)
    story.tell(LinkChanged(connected=False))
    return story


def screen(story: Story) -> Screen:
    return compose(story.state, story.now, lambda _sha256: None).screen


def touch(story: Story, *intents: Intent) -> list[object]:
    return [effect for intent in intents for effect in story.tell(Intended(intent=intent))]


def type_pin(story: Story, pin: str = PIN) -> list[object]:
    return touch(story, *(TypeKey(sign) for sign in pin), TypeKey("done"))


def enters(story: Story) -> list[object]:
    touch(story, OpenPage("installer"))
    return type_pin(story)


def scans(effects: list[object]) -> bool:
    return ChangeNetwork(effect=LookForNetworks()) in effects


def test_only_the_notice_of_a_lost_link_leads_to_it(story: Story) -> None:
    """A resident never meets it while all is well, nor where the desk has set no PIN."""
    assert screen(story).notice_intent == OpenPage("installer")
    drawn = draw(screen(story), Panel(1280, 800, 217.0))
    touched = [each.box for each in drawn.targets if each.action == OpenPage("installer")]
    assert touched == [drawn.pieces[NOTICE_STRIP].box]
    story.tell(LinkChanged(connected=True))
    assert screen(story).notice_intent is None
    touch(story, OpenPage("installer"))
    assert isinstance(screen(story).page, Home)
    unset = Story.of_aino()
    unset.tell(LinkChanged(connected=False))
    assert screen(unset).notice_intent is None


def test_the_pin_is_not_shown_while_it_is_typed(story: Story) -> None:
    """Somebody beside it sees how many figures there are."""
    touch(story, OpenPage("installer"), TypeKey("4"), TypeKey("2"))
    page = screen(story).page
    assert isinstance(page, TypingPage)
    assert page.keyboard.text == "••"
    assert page.keyboard.layout == "figures"
    assert screen(story).help is not None


def test_a_new_network_is_joined_and_the_home_page_comes_back(story: Story) -> None:
    """Chosen, its password typed: once it works there is nothing more to do."""
    assert scans(enters(story))
    story.tell(NetworkSeen(network=Network(connection="wifi", has_wifi=True, seen=(HOME,))))
    page = screen(story).page
    assert isinstance(page, ChoicePage)
    assert "Korhonen" in [each.words for each in page.choices]
    assert SetUp("ask-to-skip") not in [each.intent for each in page.choices]
    touch(story, SetUp("join", "Korhonen"))
    joined = touch(story, *(TypeKey(sign) for sign in "kissanviikset"), TypeKey("done"))
    assert ChangeNetwork(effect=JoinNetwork(network=HOME, password="kissanviikset")) in joined
    story.tell(JoinEnded(trouble="wrong-password"))
    assert isinstance(screen(story).page, TypingPage)
    story.tell(JoinEnded())
    assert isinstance(screen(story).page, Home)
    assert story.state.installer.setup is None


def test_a_cable_is_enough(story: Story) -> None:
    """It is plugged in while the page is open."""
    enters(story)
    story.tell(NetworkSeen(network=Network(has_wifi=True, seen=(HOME,))))
    story.tell(NetworkSeen(network=Network(connection="cable", has_wifi=True, seen=(HOME,))))
    assert isinstance(screen(story).page, Home)


def test_wrong_pins_are_counted_and_end_in_a_lock(story: Story) -> None:
    """Also when the page was left in between; after a quarter of an hour the right one opens it."""
    for _ in range(MOST_FAILURES):
        touch(story, OpenPage("installer"))
        assert not scans(type_pin(story, "000000"))
    assert isinstance(screen(story).page, LinePage)
    touch(story, OpenPage("installer"))
    assert not scans(type_pin(story))
    story.wait(LOCK_S + 1)
    assert scans(enters(story))


@pytest.mark.requirement("K3")
def test_help_is_asked_for_from_there(story: Story) -> None:
    """The button is where it always is, and help takes the page."""
    enters(story)
    touch(story, PressHelp())
    assert not isinstance(screen(story).page, ChoicePage | TypingPage)


def test_a_page_that_was_left_open_closes(story: Story) -> None:
    """With everything that was typed on it."""
    enters(story)
    story.wait(View(version=1).home_after_s + 1)
    ticks: tuple[Event, ...] = (Ticked(), Ticked())
    story.tell(*ticks)
    assert isinstance(screen(story).page, Home)
    assert story.state.installer.setup is None
