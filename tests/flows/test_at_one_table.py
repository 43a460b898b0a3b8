"""Stories: a resident, a relative and a nurse at one table of the café, and what parts them."""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import ImageChops
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from device.window_protocol.intents import (
    AskTable,
    EnterTable,
    LeaveTable,
    OpenPage,
    RefuseMeeting,
)
from device.window_protocol.model import TablePage
from kiosk_ui.pages.compose import Interaction, compose
from provisioning import janus
from provisioning.demo.tablet import Tablet
from tests.calls.room import sees_the_room
from tests.campaign.street import HomePlace
from tests.flows.house import PANEL, House
from tests.flows.resident_screen import ResidentScreen
from tests.link.waiting import eventually

pytestmark = pytest.mark.skipif(janus.program() is None, reason="Debian 13 has no package of Janus")

OPEN_CAFE = """
from cloud.cafe.models import CafeSettings
from cloud.calendar.models import Cafe
from cloud.devices.documents import refresh_organisation
cafe = Cafe.objects.get()
cafe.hours = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "00:00"}]
cafe.closed_on, cafe.closed_on_holidays = [], False
cafe.save()
CafeSettings.objects.update_or_create(organisation=cafe.organisation, defaults={"relatives_may_join": True})
refresh_organisation(cafe.organisation)
"""


ENDS_WITH_HOSTS = """
from cloud.cafe.models import CafeSettings
CafeSettings.objects.update(ends_when_hosts_leave={ends})
"""
HOURS = """
from cloud.calendar.models import Cafe
from cloud.devices.documents import refresh_organisation
cafe = Cafe.objects.get()
cafe.hours = [{{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "{opens}", "closes": "{closes}"}}]
cafe.save()
refresh_organisation(cafe.organisation)
"""

NEIGHBOURS = """
import json
from cloud.organisations.models import Organisation
from cloud.people.models import Resident
from cloud.screens.models import ResidentView
home = Organisation.objects.get(name="Lehmuskoto")
found = []
for name in ("Eino", "Saima"):
    resident = Resident.objects.create(organisation=home, first_name=name, last_name="Naapuri")
    ResidentView.objects.create(resident=resident, language="fi", clock=True)
    found.append(resident.pk)
print(json.dumps(found))
"""
NO_NEIGHBOURS = """
from cloud.devices.models import Device
from cloud.people.models import Resident
Device.objects.filter(resident__last_name="Naapuri").delete()
Resident.objects.filter(last_name="Naapuri").delete()
"""


def table(house: House) -> TablePage | None:
    screen = house.screen.newest
    return screen.page if screen and isinstance(screen.page, TablePage) else None


def at_the_table(house: House) -> list[str]:
    """Whom the resident sees there: the one who is large first."""
    page = table(house)
    if page is None or page.state != "seated":
        return []
    large = [page.speaker.name] if page.speaker else []
    return large + [face.name for face in page.faces]


def goes_in(house: House) -> None:
    """The tile, on whichever page of the home page it is, and a touch on the answer to its question."""
    house.do(OpenPage("home"))
    house.resident_sees("AskTable(room='cafe')")
    house.do(AskTable("cafe"))
    house.resident_sees("Muut näkevät ja kuulevat sinut.")
    house.resident_taps(EnterTable("cafe"))
    is_seated(house)


def is_seated(house: House) -> None:
    house.desk_knows("cafe.Seat", resident__isnull=False, entered_at__isnull=False, left_at=None)
    eventually(lambda: (page := table(house)) and page.state == "seated", "the table is on the screen")


def sees_a_moving_picture(house: House, key: str = "table.picture", least_colours: int = 50) -> None:
    """On the display itself: where the speaker's picture (or ``key``) is, something moves and has colours."""
    eventually(lambda: (page := table(house)) and page.frames, "a picture comes")
    assert house.screen.newest
    box = compose(house.screen.newest, PANEL, Interaction()).pieces[key].box
    area = box.x, box.y, box.x + box.width, box.y + box.height
    first = house.picture().crop(area)

    def moves() -> bool:
        now = house.picture().crop(area)
        colours = now.getcolors(box.width * box.height) or ()
        return ImageChops.difference(first, now).getbbox() is not None and len(colours) > least_colours

    eventually(moves, "the picture moves on the display")


@pytest.fixture(scope="module")
def cafe(house: House) -> str:
    """The café is open all day and relatives may come; its room."""
    house.stack.desk.run("shell", "-v", "0", "-c", OPEN_CAFE)
    (owner,) = house.desk_knows("calendar.Cafe", "organisation")
    house.desk_knows("cafe.Engine", reachable=True)
    return f"cafe{owner}"


@pytest.fixture
def anna(house: House, cafe: str, nurse: Page) -> Iterator[Page]:
    """A nurse at the table, with the camera of her browser."""
    nurse.context.grant_permissions(["camera", "microphone"])
    nurse.goto(f"{house.stack.desk.url}/events/")
    nurse.locator(f"a[href$='/table/{cafe}/']").click()
    nurse.locator("#enter").click()
    expect(nurse.locator("#guests strong").first).to_be_visible()
    yield nurse
    with suppress(PlaywrightError):
        nurse.locator("#leave").click(timeout=2_000)
    house.do(LeaveTable())
    house.do(OpenPage("home"))
    eventually(lambda: not house.desk_counts("cafe.Seat", left_at=None, is_away=False), "nobody is seated")


@pytest.fixture
def leena(house: House, browser: Browser, cafe: str) -> Iterator[Page]:
    """A relative, who comes from her call page."""
    context = browser.new_context(locale="en", permissions=["camera", "microphone"], reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(house.links["Leena Virtanen"])
    page.get_by_role("link", name="Café").click()
    page.get_by_role("button", name="Go in").click()
    expect(page.locator("#guests strong").first).to_be_visible()
    yield page
    context.close()


@pytest.mark.requirement("V24", "V25")
def test_a_resident_a_relative_and_a_nurse_meet(house: House, anna: Page, leena: Page) -> None:
    """All see each other and who is there; a host shows somebody out; a browser that dies is gone soon."""
    goes_in(house)
    eventually(lambda: sorted(at_the_table(house)) == ["Anna", "Leena"], "both are at the table")
    sees_a_moving_picture(house)
    # The tablet's own camera shows plain bars here.
    sees_a_moving_picture(house, "table.own", least_colours=5)
    for page in (anna, leena):
        expect(page.locator("#guests li")).to_have_count(3)
        sees_the_room(page, "#shown")
    anna.once("dialog", lambda dialog: dialog.accept())
    row = anna.locator("#guests li", has_text="Leena")
    row.get_by_role("button", name="Poista pöydästä").click()
    expect(leena.locator("#said")).to_have_text("The host has asked you to leave the table this time.")
    eventually(lambda: at_the_table(house) == ["Anna"], "the relative is gone")
    with suppress(PlaywrightError):
        anna.goto("chrome://crash", timeout=5_000)
    eventually(lambda: table(house) and not at_the_table(house), "who died is gone from the table", 10)


@pytest.mark.requirement("K3", "V24")
def test_help_takes_the_resident_out_and_one_tap_leads_back(house: House, anna: Page, nurse: Page) -> None:
    """The others see the seat empty at once; that help is over is read first, then the way back."""
    goes_in(house)
    expect(anna.locator("#guests li")).to_have_count(2)
    house.press_the_wall_button()
    house.resident_sees("page=HelpPage(")
    expect(anna.locator("#guests li")).to_have_count(1)
    board = anna.context.new_page()
    board.goto(f"{house.stack.desk.url}/help/")
    house.goes(board)
    house.closes(board)
    board.close()
    house.resident_sees("state='over'")
    house.resident_taps(OpenPage("home"))
    house.resident_sees("Palaa pöytään")
    house.resident_taps(EnterTable("cafe"))
    is_seated(house)
    eventually(lambda: at_the_table(house) == ["Anna"], "back at the table")


@pytest.mark.requirement("V24")
def test_a_host_who_leaves_ends_it_only_where_that_is_set(house: House, anna: Page, leena: Page) -> None:
    """The others go on; with the setting all are released and read why."""
    goes_in(house)
    eventually(lambda: sorted(at_the_table(house)) == ["Anna", "Leena"], "both are at the table")
    anna.locator("#leave").click()
    eventually(lambda: at_the_table(house) == ["Leena"], "the others go on")
    house.stack.desk.run("shell", "-v", "0", "-c", ENDS_WITH_HOSTS.format(ends=True))
    anna.locator("#enter").click()
    eventually(lambda: sorted(at_the_table(house)) == ["Anna", "Leena"], "the host is back")
    anna.locator("#leave").click()
    house.resident_sees("Järjestäjä poistui, joten tilaisuus on ohi.")
    expect(leena.locator("#said")).to_have_text("The host has left, and so it is over.")
    house.stack.desk.run("shell", "-v", "0", "-c", ENDS_WITH_HOSTS.format(ends=False))


@pytest.mark.requirement("V25")
def test_the_cafe_closes_and_opens_by_its_hours(house: House, cafe: str) -> None:
    """A guest who sits there is released, the tile says when it opens, and then that it is open."""
    goes_in(house)
    now = datetime.now(ZoneInfo("Europe/Helsinki"))
    opens, closes = (f"{now + timedelta(hours=hours):%H:00}" for hours in (2, 3))
    house.stack.desk.run("shell", "-v", "0", "-c", HOURS.format(opens=opens, closes=closes))
    house.resident_sees("Tältä päivältä se on ohi.")
    house.resident_taps(LeaveTable())
    house.resident_sees(f"klo {int(opens[:2])}.00")
    house.stack.desk.run("shell", "-v", "0", "-c", HOURS.format(opens="00:00", closes="00:00"))
    house.resident_sees("AskTable(room='cafe')")


@pytest.mark.requirement("V24")
def test_an_engine_that_dies_takes_nobody_from_the_table(house: House, anna: Page) -> None:
    """The screen says so; as soon as it is back, everybody is seated again by themselves."""
    assert house.stack.desk.engine
    goes_in(house)
    sees_a_moving_picture(house)
    house.stack.desk.engine.stop(signal.SIGKILL)
    house.resident_sees("Ruutu yrittää uudelleen")
    house.stack.desk.engine.start()
    eventually(lambda: at_the_table(house) == ["Anna"], "back at the table")
    sees_a_moving_picture(house)
    expect(anna.locator("#guests li")).to_have_count(2)


@pytest.fixture
def neighbours(house: House, tmp_path: Path) -> Iterator[list[ResidentScreen]]:
    """What is on the screens of two more homes: each has a core of its own, and no window."""
    desk = house.stack.desk
    residents: list[int] = json.loads(desk.run("shell", "-v", "0", "-c", NEIGHBOURS))
    places = [HomePlace(tmp_path / str(number), house.stack.place) for number in residents]
    tablets = [Tablet(place) for place in places]
    screens = [ResidentScreen(tablet.screen_socket) for tablet in tablets]
    try:
        for tablet, resident in zip(tablets, residents, strict=True):
            tablet.prepare(desk, resident)
            tablet.core.start()
        for tablet in tablets:
            house.desk_knows("devices.Device", id=tablet.device, online=True)
        yield screens
    finally:
        for screen, tablet in zip(screens, tablets, strict=True):
            screen.leave()
            tablet.core.stop()
        # Other stories know of one device.
        desk.run("shell", "-v", "0", "-c", NO_NEIGHBOURS)


@pytest.mark.requirement("V24", "V27")
def test_an_event_rings_on_three_devices_and_is_gone_as_soon_as_it_has_ended(
    house: House, nurse: Page, neighbours: list[ResidentScreen]
) -> None:
    """Planned at the desk, it rings as an invitation; ended early, no screen rings any more."""
    screens = [house.screen, *neighbours]
    nurse.goto(f"{house.stack.desk.url}/events/new/")
    # It rings during its first minute: towards the end of a minute it is planned for the next.
    starts = datetime.now(ZoneInfo("Europe/Helsinki")) + timedelta(seconds=20)
    fields = {
        "title": "Laulutuokio",
        "day": f"{starts:%Y-%m-%d}",
        "begins": f"{starts:%H:%M}",
        "finishes": f"{starts + timedelta(hours=1):%H:%M}",
    }
    for name, value in fields.items():
        nurse.locator(f"#id_{name}").fill(value)
    nurse.locator("#id_everybody").check()
    nurse.get_by_label("Anna Salo").check()
    nurse.locator("form.card button").first.click()
    eventually(
        lambda: all(screen.says("state='invited'") and screen.says("Laulutuokio") for screen in screens),
        "it rings on every screen",
        60,
    )
    (meeting,) = house.desk_knows("cafe.Meeting", "id", ended_at=None)
    assert house.screen.says(repr(RefuseMeeting(f"m{meeting}")))
    nurse.goto(f"{house.stack.desk.url}/events/{meeting}/")
    nurse.locator("form[action$='/end/'] input[type=checkbox]").check()
    nurse.locator("form[action$='/end/'] button").click()
    eventually(
        lambda: all(screen.says("page=Home(") and not screen.says("Laulutuokio") for screen in screens),
        "no screen rings any more",
    )
