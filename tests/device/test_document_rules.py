import pytest

from device.contract.documents import Elements, People, Policy, View
from device.contract.events import HelpRaised, InputRejected
from device.rules.effects import FetchPhotos, Report
from device.rules.events import (
    ButtonChanged,
    DocumentArrived,
    DocumentRefused,
    InputRefused,
    Intended,
    WindowPainted,
)
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import HelpPage, Home, NoticePage
from tests.device.story import EVERYTHING, Story
from tests.device.test_help_rules import desk_says


@pytest.mark.requirement("K1")
def test_a_view_is_reported_received_and_painted_only_once_it_was_painted() -> None:
    """The desk's "on screen since" comes from the drawing loop, not from the arrival."""
    story = Story()
    story.tell(DocumentArrived(name="view", document=View(version=17)))
    assert story.state.documents.reported["view"].received_version == 17
    assert story.state.documents.reported["view"].painted_version == 0
    assert Report(name="view") in story.tell(WindowPainted(versions={"view": 17}))
    assert story.state.documents.reported["view"].painted_at == story.wall


@pytest.mark.requirement("K1")
def test_a_bad_view_is_rejected_and_the_last_good_one_stays() -> None:
    """The desk reads why; the resident sees nothing of it."""
    story = Story.of_aino()
    before = story.screen()
    story.tell(DocumentRefused(name="view", version=2, reason="expected a boolean", path="elements.cafe"))
    rejected = story.state.documents.reported["view"].rejected
    assert rejected
    assert (rejected.version, rejected.path, rejected.reason) == (2, "elements.cafe", "expected a boolean")
    assert story.screen() == before


@pytest.mark.requirement("K1")
def test_a_good_view_after_a_bad_one_clears_the_rejection() -> None:
    """The desk does not go on showing an error that is mended."""
    story = Story.of_aino()
    story.tell(DocumentRefused(name="view", version=2, reason="bad"))
    story.tell(DocumentArrived(name="view", document=View(version=3)))
    assert story.state.documents.reported["view"].rejected is None


def test_an_older_version_is_refused_and_reported() -> None:
    """A document that was overtaken on the way does not come back to the screen."""
    story = Story.of_aino(View(version=5, elements=EVERYTHING))
    story.tell(DocumentArrived(name="view", document=View(version=4)))
    rejected = story.state.documents.reported["view"].rejected
    assert rejected
    assert "older" in rejected.reason
    assert story.state.documents.view == View(version=5, elements=EVERYTHING)


def test_new_contacts_have_their_photos_fetched() -> None:
    """Photos are not in documents."""
    story = Story()
    assert FetchPhotos() in story.tell(DocumentArrived(name="people", document=People(version=1)))


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("name", Elements.__struct_fields__)
def test_the_home_page_has_exactly_the_elements_of_the_view(name: str) -> None:
    """One element shown: that one is there, and no other."""
    story = Story.of_aino(View(version=1, elements=Elements(**{name: True})))
    page = story.screen().page
    assert isinstance(page, Home)
    shown = {"today": "calendar"}
    parts = [field for field in Home.__struct_fields__ if field not in ("more", "words")]
    there = {shown.get(field, field) for field in parts if getattr(page, field) is not None}
    assert there == {name}


@pytest.mark.requirement("V9")
@pytest.mark.parametrize("use", ["in-stock", "in-repair"])
def test_a_device_out_of_use_says_so_and_offers_nothing(use: str) -> None:
    """It promises no help that would not come."""
    story = Story.of_aino()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, use=use)))  # type: ignore[arg-type]
    screen = story.screen()
    assert isinstance(screen.page, NoticePage)
    assert screen.page.headline == "Tämä laite ei ole käytössä"
    assert screen.help is None


@pytest.mark.requirement("K3", "V9")
@pytest.mark.parametrize("use", ["in-stock", "in-repair"])
def test_help_pressed_on_a_device_out_of_use_is_raised_and_shown(use: str) -> None:
    """Until it is over and left; then the device is as before."""
    story = Story.of_aino()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, use=use)))  # type: ignore[arg-type]
    story.tell(ButtonChanged(name="help", action="pressed"))
    assert len(story.recorded(HelpRaised)) == 1
    assert isinstance(story.screen().page, HelpPage)
    story.tell(desk_says(story, "closed"))
    assert isinstance(story.screen().page, HelpPage)
    story.tell(Intended(intent=OpenPage("home")))
    assert isinstance(story.screen().page, NoticePage)


def test_the_same_complaint_is_made_once() -> None:
    """A desk that answers nonsense to every event is not answered for ever."""
    story = Story()
    for _ in range(50):
        story.tell(InputRefused(source="down/received", reason="not valid JSON"))
    assert len(story.recorded(InputRejected)) == 1


def test_different_complaints_are_bounded() -> None:
    """A flood of different nonsense does not fill the outbox."""
    story = Story()
    for number in range(100):
        story.tell(InputRefused(source="down/command", reason=f"nonsense {number}"))
    assert len(story.recorded(InputRejected)) == 20
