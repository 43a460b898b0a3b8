"""Stories: an alarm at the monitoring partner, from the first test to a partner who is silent, and duress."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioning.demo.managed_process import ManagedProcess
from tests.flows.conftest import PATIENCE_MS
from tests.flows.house import House
from tests.link.waiting import eventually
from tests.partner.sip_peer import Centre, centre, needs_pjsua2

pytestmark = needs_pjsua2

SET = """
from cloud.help.models import OpenBoard, Partner
from cloud.partner.models import AlarmCentre, Rota, RotaPerson, RotaShift
partner = Partner.objects.get(organisation__name="Lehmuskoto")
"""
ADD_CENTRE = """
Partner.objects.update(after_s={after_s})
AlarmCentre.objects.create(partner=partner, server="{server}", controller="100", heartbeat_min=1440)
"""
ADD_ROTA = """
rota = Rota.objects.create(organisation=partner.organisation)
person = RotaPerson.objects.create(rota=rota, name="Veikko Vuoro", phone="+358405550000", email="v@x.fi")
for day in range(7):
    RotaShift.objects.create(person=person, weekday=day, starts="00:00", ends="00:00")
OpenBoard.objects.all().delete()
"""
CLEAR = """
Partner.objects.update(after_s=180)
AlarmCentre.objects.all().delete()
Rota.objects.all().delete()
"""


@pytest.fixture(scope="module")
def alarm_centre(house: House) -> Iterator[Centre]:
    """The partner's alarm centre and the desk's SIP process; the centre has answered a sign of life."""
    place = house.stack.place
    command = place.python("cloud", "alarms", "--host", "127.0.0.1", "--port", "0")
    alarms = ManagedProcess("the alarms", command, log=place.log("alarms"), environment=place.environment)
    with centre("udp") as peer:
        alarms.start()
        try:
            tell_desk(house, ADD_CENTRE.format(server=peer.address, after_s=180))
            eventually(lambda: peer.alarms, "a sign of life", 30)
            yield peer
        finally:
            tell_desk(house, CLEAR)
            alarms.stop()


@pytest.fixture
def operator(browser: Browser, house: House) -> Iterator[Page]:
    """Anna's other browser, in which she answers alarms; nobody waits."""
    context = browser.new_context(
        locale="fi-FI", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    house.sign_in(page)
    house.nobody_waits(page)
    yield page
    context.close()


def tell_desk(house: House, code: str) -> None:
    """What an administrator would set on the desk's pages."""
    house.stack.desk.run("shell", "-v", "0", "-c", SET + code)


def resident_page(house: House) -> str:
    """The resident's page of alarms."""
    resident = house.desk_knows("people.Resident", "id")[0]
    return f"{house.stack.desk.url}/partner/residents/{resident}/"


def close_as(page: Page, words: str) -> None:
    """The operator says how it ended."""
    page.get_by_label(words).check()
    page.locator("form.card", has_text=words).get_by_role("button").click()
    page.wait_for_url("**/partner/alarms/")


@pytest.mark.requirement("K10")
@pytest.mark.requirement("S1")
@pytest.mark.requirement("S4")
def test_from_blank_to_green(house: House, alarm_centre: Centre, operator: Page) -> None:
    """What is missing stands on screen and page until the centre has confirmed a test."""
    url, page = house.stack.desk.url, operator
    house.resident_sees("kaikki ei ole vielä valmista", timeout_s=90)
    page.goto(resident_page(house))
    expect(page.get_by_text("Hälytys ei ole vielä käytössä")).to_be_visible()
    number = page.locator("#id_number").input_value()
    home = house.desk_knows("people.Resident", "organisation")[0]
    page.goto(f"{url}/partner/registrations/{home}/")
    page.get_by_label("Hälytyskeskuksen tuntemat numerot").fill(number)
    page.locator("form.card button").first.click()
    page.goto(resident_page(house))
    page.get_by_role("button", name="Aloita koehälytys").click()
    house.resident_sees("Hälytystä testataan")
    house.press_the_wall_button()
    house.resident_sees("Hälytyskeskus on saanut tiedon")
    assert alarm_centre.real_alarms()[-1]["cid"] == number
    page.goto(f"{url}/partner/alarms/")
    expect(page.get_by_text("koehälytystä odotettiin")).to_be_visible()
    page.get_by_role("button", name="Vastaa").click()
    house.resident_sees("Anna on tulossa luoksesi")
    close_as(page, "Se oli koe")
    house.resident_sees("Avunpyyntö on päättynyt")
    house.nobody_waits(page)
    eventually(lambda: house.screen.newest and house.screen.newest.alarm == "", "the screen is content", 90)
    page.goto(resident_page(house))
    expect(page.get_by_text("Hälytykseen voi luottaa").first).to_be_visible()


@pytest.mark.requirement("S5")
def test_a_silent_partner_brings_the_staff_on_duty(
    house: House, alarm_centre: Centre, operator: Page
) -> None:
    """The centre is silent and no board rings: staff of the rota are notified, and named."""
    operator.goto("about:blank")
    alarm_centre.silent = True
    tell_desk(house, ADD_ROTA)
    before = len(alarm_centre.confirmed)
    house.press_the_wall_button()
    house.resident_sees("Veikko Vuoro on saanut tiedon", timeout_s=30)
    tell_desk(house, "Partner.objects.update(after_s=0)")
    house.desk_knows("help.HelpStep", way="scaip", outcome="failed", timeout_s=60)
    assert len(alarm_centre.confirmed) == before
    alarm_centre.silent = False
    house.resident_sees("Hälytyskeskus on saanut tiedon", timeout_s=60)
    operator.goto(f"{house.stack.desk.url}/help/")
    house.goes(operator)
    house.resident_sees("Anna on tulossa luoksesi")
    house.nobody_waits(operator)


@pytest.mark.requirement("S6")
def test_duress_closes_the_screen_and_says_so_at_the_desk(
    house: House, alarm_centre: Centre, operator: Page
) -> None:
    """The screen says what it always says; board and operator's page know better."""
    page, url = operator, house.stack.desk.url
    page.goto(resident_page(house))
    page.get_by_label("sana: kaikki hyvin").fill("mustikka")
    page.get_by_label("sana: pakotettuna").fill("puolukka")
    page.locator("form.card", has_text="sana: pakotettuna").get_by_role("button").click()
    house.press_the_wall_button()
    page.goto(f"{url}/partner/alarms/")
    page.get_by_role("button", name="Vastaa").click()
    house.resident_sees("Anna on tulossa luoksesi")
    page.get_by_role("button", name="Näytä turvasanat").click()
    expect(page.get_by_text("puolukka")).to_be_visible()
    page.get_by_role("button", name="Sanoi: pakotettuna").click()
    house.resident_sees("Avunpyyntö on päättynyt")
    assert not house.screen.says("pako")
    page.goto(f"{url}/help/")
    expect(page.get_by_text("Hiljainen hälytys")).to_be_visible()
    page.goto(f"{url}/partner/alarms/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Hoidettu").click()
    expect(page.get_by_text("Hiljainen hälytys")).to_have_count(0)
    house.nobody_waits(page)
