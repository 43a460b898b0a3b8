"""The device is sent each step of the ladder, so that its screen says what is true (K3)."""

import msgspec
import pytest

from cloud.devices.models import DeviceCommand
from cloud.help import open_boards
from cloud.help.delivery import Message
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpRequest, HelpStep, MergedRequest, OpenBoard
from device.contract.commands import Command
from device.contract.help_progress import ReportHelpProgress
from tests.cloud.homes import Home
from tests.cloud.ladder_story import Story

pytestmark = pytest.mark.requirement("K3")


@pytest.fixture
def story(home: Home) -> Story:
    """A request that came in at second 0."""
    return Story(home)


def reports() -> list[ReportHelpProgress]:
    """All that was sent to the device, the oldest first."""
    bodies = DeviceCommand.objects.order_by("issued_at", "pk").values_list("body", flat=True)
    commands = [msgspec.convert(body, type=Command) for body in bodies]
    return [command for command in commands if isinstance(command, ReportHelpProgress)]


def undeliverable(_message: Message) -> HelpStep.Outcome:
    raise Undeliverable("the mail server is away")


def test_each_step_is_reported_once(story: Story) -> None:
    """Received, a contact notified, the partner notified; nothing is sent twice."""
    for second in (1, 2, 60, 61, 180, 181):
        story.at(second)
    assert [(len(each.contacts), each.partner_notified_at is not None) for each in reports()] == [
        (0, False),
        (1, False),
        (1, True),
    ]
    assert reports()[1].contacts[0].name == story.home.escalation_contact.name


def test_what_did_not_go_out_is_not_reported(story: Story) -> None:
    """A contact whose mail failed was not notified."""
    story.at(60, undeliverable)
    assert [each.contacts for each in reports()] == [[]]


def test_without_an_open_board_nobody_has_looked(story: Story) -> None:
    """The first contact is notified at once; when a page opens, the device is notified."""
    OpenBoard.objects.all().delete()
    story.at(1)
    open_boards.heard(story.home.user, rings=False)
    story.at(2)
    assert [(each.on_board, len(each.contacts)) for each in reports()] == [(False, 0), (False, 1), (True, 1)]


def test_a_request_that_was_pressed_again_is_reported_under_its_new_id(story: Story) -> None:
    """A device that lost its first request follows the second."""
    story.at(1)
    help_ = story.home.help
    MergedRequest.objects.create(request=help_, device=help_.device, help_id="again")
    story.at(2)
    assert [each.help_id for each in reports()] == [help_.help_id, help_.help_id, "again"]


def test_nothing_is_reported_of_what_somebody_has_taken(story: Story) -> None:
    """From then on the device gets the name of who is coming."""
    HelpRequest.objects.update(taken_name="Leena", taken_at=story.clock())
    story.at(60)
    assert reports() == []
