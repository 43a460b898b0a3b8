"""The desk in a real browser, served for real, with its live stream."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import APIResponse, Page, Route, expect

from cloud.devices.documents import refresh
from cloud.devices.models import DesiredDocument, Device, DeviceFault
from cloud.help import runner
from cloud.help.device_events import handle
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from device.contract.events import HelpRaised
from tests.cloud.homes import PASSWORD, Home, make_device, make_home, make_resident, make_user
from tests.cloud.test_help_board import event
from tests.link.waiting import eventually

Visit = Callable[[Home], Page]


@pytest.fixture
def home(transactional_db: None) -> Home:
    """Our home, where nobody has asked for anything yet."""
    made = make_home("Lehmus")
    HelpRequest.objects.all().delete()
    refresh(made.device)
    return made


def press(home: Home, help_id: str = "h1") -> None:
    """The resident asks for help."""
    handle(home.device, event(HelpRaised(help_id=help_id, source="button")))


def opened(page: Page, path: str) -> Page:
    """The page, once its live stream is open; a reload would be seen."""
    with page.expect_response("**/live/**"):
        page.goto(path)
    page.evaluate("window.neverReloaded = true")
    return page


def hears_of(page: Page, text: str) -> None:
    """From here on the page's ``heard`` is a promise: its live stream has brought a part with this text."""
    page.evaluate(
        """(text) => {
            window.heard = new Promise((done) => {
                const channel = new BroadcastChannel("kotiruutu-live");
                const has = (part) => part.html?.includes(text);
                channel.onmessage = ({ data }) => data.parts?.some(has) && done();
            });
        }""",
        text,
    )


def was_not_reloaded(page: Page) -> bool:
    """Whether it is still the page that was opened."""
    return bool(page.evaluate("window.neverReloaded === true"))


def test_nurse_signs_in_and_out(visit: Visit, home: Home, address: str) -> None:
    """Name and password open the board; signing out closes the door behind."""
    page = visit(home)
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("User name").fill(home.user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Help board")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto("/help/")
    expect(page).to_have_url(re.compile("/sign-in/"))


@pytest.mark.requirement("K3")
def test_a_press_appears_with_sound_and_is_taken_without_a_reload(visit: Visit, home: Home) -> None:
    """The board rings and counts, and after Enter shows who is on the way, with the next step in focus."""
    page = opened(visit(home), "/help/")
    expect(page.get_by_text("Nobody is waiting for help")).to_be_visible()
    press(home)
    expect(page.get_by_role("heading", name="Lehmus Virtanen")).to_be_visible()
    expect(page.locator("#help-count [data-untaken]")).to_have_attribute("data-untaken", "1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("body")).to_have_attribute("data-rang", re.compile(r"\d+"))
    expect(page.locator("[data-since]")).to_have_text(re.compile(r"^\d+:\d\d$"))
    page.get_by_role("button", name="I will go").press("Enter")
    expect(page.get_by_text("Lehmusnurse is on the way")).to_be_visible()
    expect(page).not_to_have_title(re.compile(r"^\("))
    expect(page.get_by_role("button", name="I am there")).to_be_focused()
    page.get_by_role("button", name="I am there").click()
    expect(page.get_by_text("Lehmusnurse is there")).to_be_visible()
    assert was_not_reloaded(page)
    page.get_by_role("link", name="Close").click()
    page.get_by_label("Helped").check()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Closed lately")).to_be_visible()
    assert [command.body["stage"] for command in home.device.commands.order_by("issued_at")] == [
        "taken",
        "arrived",
        "closed",
    ]


@pytest.mark.requirement("K3")
def test_a_press_comes_with_the_stream_and_is_not_asked_for(visit: Visit, home: Home) -> None:
    """Two hundred boards that each asked for the list would have it late: it comes with the notification."""
    page = opened(visit(home), "/help/")
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    # The board's own clock stands still: only what the stream brings can change it.
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    press(home)
    expect(page.get_by_role("button", name="I will go")).to_be_visible()
    expect(page.locator("#help-count [data-untaken='1']")).to_be_visible()
    assert not {"/help/requests/", "/help/count/"} & set(asked)


@pytest.mark.requirement("K3")
def test_an_answer_from_before_a_press_does_not_hide_it(visit: Visit, home: Home) -> None:
    """What the page asked for before the stream brought the press, and gets after it, is not shown."""
    page = opened(visit(home), "/help/")
    expect(page.get_by_text("Nobody is waiting for help")).to_be_visible()
    late: list[tuple[Route, APIResponse]] = []

    def keep(route: Route) -> None:
        late.append((route, route.fetch(headers=route.request.headers | {"x-seen": ""})))

    def has_asked() -> bool:
        # Playwright calls ``keep`` only while it waits.
        page.wait_for_timeout(20)
        return bool(late)

    page.route("**/help/requests/", keep, times=1)
    page.evaluate("() => document.body.dispatchEvent(new CustomEvent('live-help'))")
    eventually(has_asked, "the page asks")
    press(home)
    expect(page.get_by_role("button", name="I will go")).to_be_visible()
    [(route, response)] = late
    assert "Nobody is waiting for help" in response.text()
    with page.expect_response("**/help/requests/"):
        route.fulfill(response=response)
    expect(page.get_by_role("button", name="I will go")).to_be_visible()


@pytest.mark.requirement("K3")
def test_each_step_of_the_ladder_appears_by_itself(visit: Visit, home: Home) -> None:
    """Notified people appear under the request, and red follows when the escalation is exhausted."""
    press(home)
    page = opened(visit(home), "/help/")
    began = timezone.now()
    runner.advance(HelpRequest.objects.get().pk, lambda: began + timedelta(seconds=65))
    failed = "Lehmus neighbour could not be notified: no e-mail address is known"
    expect(page.get_by_text(failed)).to_be_visible()
    expect(page.get_by_text("Lehmus partner was notified by e-mail.")).to_be_visible()
    expect(page.get_by_text("Still nobody has answered")).to_be_visible()
    assert was_not_reloaded(page)


@pytest.mark.requirement("K3")
def test_a_step_of_the_ladder_does_not_take_the_button_from_under_a_finger(visit: Visit, home: Home) -> None:
    """What changes while a nurse presses is drawn once the finger is up; the press counts."""
    press(home)
    page = opened(visit(home), "/help/")
    button = page.get_by_role("button", name="I will go")
    hears_of(page, "partner was notified")
    # What comes above the list moves the button.
    expect(page.locator("#warnings")).to_have_attribute("data-seen", re.compile("."))
    button.hover()
    page.mouse.down()
    runner.advance(HelpRequest.objects.get().pk, lambda: timezone.now() + timedelta(seconds=65))
    page.evaluate("() => window.heard")
    page.mouse.up()
    expect(page.get_by_text("Lehmusnurse is on the way")).to_be_visible()
    expect(page.get_by_text("Lehmus partner was notified by e-mail.")).to_be_visible()


@pytest.mark.requirement("K3")
def test_the_other_nurse_sees_it_at_once(visit: Visit, home: Home) -> None:
    """What one takes changes on the other's board; a click that comes too late names who was faster."""
    press(home)
    mine = opened(visit(home), "/help/")
    home.user = make_user(home.organisation, first_name="Mikael")
    theirs = opened(visit(home), "/help/")
    mine.get_by_role("button", name="I will go").click()
    expect(theirs.get_by_text("Lehmusnurse is on the way")).to_be_visible()
    path = f"/help/{HelpRequest.objects.get(help_id='h1').pk}/take/"
    theirs.evaluate(f"htmx.ajax('POST', '{path}', {{target: '#requests'}})")
    expect(theirs.get_by_text("Lehmusnurse has already taken this.")).to_be_visible()


@pytest.mark.requirement("K3")
def test_a_double_click_does_no_more_than_a_click(visit: Visit, home: Home) -> None:
    """A button that appears under the finger is inactive for a moment."""
    press(home)
    page = opened(visit(home), "/help/")
    page.get_by_role("button", name="I will go").dblclick()
    expect(page.get_by_text("Lehmusnurse is on the way")).to_be_visible()
    expect(page.get_by_role("button", name="I am there")).to_be_enabled()
    assert [command.body["stage"] for command in home.device.commands.all()] == ["taken"]


@pytest.mark.requirement("V1", "V2", "K1")
def test_a_saved_view_is_followed_until_it_is_painted(visit: Visit, home: Home) -> None:
    """The nurse switches the café off, saves, and reads when it is on the screen; nobody reloads."""
    Device.objects.update(online=True)
    page = opened(visit(home), f"/devices/{home.device.pk}/")
    page.get_by_role("checkbox", name="Café").uncheck()
    page.get_by_role("button", name="Save and send to the screen").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    row = page.locator("#sync-status-view")
    expect(row).to_contain_text("version 2 is on its way: waiting for the device")
    painted_at = datetime(2031, 1, 6, 12, 2, 7, tzinfo=UTC)
    DesiredDocument.objects.filter(name="view").update(painted_version=2, painted_at=painted_at)
    live_updates.changed(home.organisation, "device")
    expect(row).to_contain_text("14:02:07, version 2")
    DesiredDocument.objects.filter(name="view").update(
        version=3, rejected_version=3, rejected_path="elements.cafe", rejected_reason="expected a boolean"
    )
    live_updates.changed(home.organisation, "device")
    expect(row).to_contain_text("elements.cafe: expected a boolean — version 2 stays on the screen")
    assert was_not_reloaded(page)


@pytest.mark.requirement("V2", "K8")
def test_a_hint_about_one_device_draws_one_row(visit: Visit, home: Home) -> None:
    """Of the list only the row that has changed is asked for; of a device on another page, nothing."""
    Device.objects.update(heard_at=timezone.now())
    other = make_device(make_resident(home.organisation, "Ilves"))
    page = visit(home)
    with page.expect_response("**/health/rows/**"):
        opened(page, "/health/")
    # Soon after all rows were asked for, a hint about one asks for all again.
    page.evaluate("new Promise((done) => setTimeout(done, 2000))")
    row = page.locator(f"#health-{home.device.pk}")
    expect(row).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    DeviceFault.objects.create(device=home.device, part="modem", reason="no SIM", since=timezone.now())
    DeviceFault.objects.create(device=other, part="photos", reason="full", since=timezone.now())
    live_updates.changed(home.organisation, live_updates.DEVICE, "of-another-page")
    live_updates.changed(home.organisation, live_updates.DEVICE, home.device.pk)
    expect(row).to_contain_text("there is no SIM card")
    assert [path for path in asked if path.startswith("/health/") and "count" not in path] == [
        f"/health/{home.device.pk}/row/"
    ]
    live_updates.changed(home.organisation, live_updates.DEVICE)
    expect(page.locator(f"#health-{other.pk}")).to_contain_text("Photos")
    assert was_not_reloaded(page)


@pytest.mark.requirement("V2")
def test_a_script_that_comes_late_loses_no_notification(visit: Visit, home: Home) -> None:
    """The stream opens once all parts of the page listen; else the list stayed old until it is polled."""
    Device.objects.update(heard_at=timezone.now())
    page = visit(home)
    order: list[str] = []

    def hold(route: Route) -> None:
        page.wait_for_timeout(2000)
        order.append("last script")
        route.continue_()

    page.route("**/desk/menu*.js", hold)
    page.on("request", lambda request: order.append("stream") if "/live/" in request.url else None)
    with page.expect_response("**/health/rows/**"):
        page.goto("/health/")
    assert order == ["last script", "stream"]


@pytest.mark.requirement("V4")
def test_a_name_of_markup_is_text(visit: Visit, home: Home) -> None:
    """A name that looks like a script is read out as it is, and runs nowhere."""
    name = "<img src=x onerror=alert(1)>'\"&amp;"
    home.resident.first_name = name
    home.resident.save()
    press(home)
    page = visit(home)
    page.on("dialog", lambda dialog: pytest.fail("markup ran"))
    for path in ("/help/", "/residents/", f"/residents/{home.resident.pk}/", f"/devices/{home.device.pk}/"):
        page.goto(path)
        expect(page.get_by_text(name).first).to_be_visible()


def test_a_lost_line_is_said_and_the_page_goes_on(visit: Visit, home: Home) -> None:
    """Without its stream the page says so, and still asks again for what it shows."""
    page = visit(home)
    page.route("**/live/**", lambda route: route.fulfill(status=429, body="no"))
    page.clock.install()
    page.goto("/help/")
    expect(page.get_by_text("The live connection is lost.")).to_be_visible()
    press(home)
    page.clock.run_for(16_000)
    expect(page.get_by_role("heading", name="Lehmus Virtanen")).to_be_visible()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visit: Visit, home: Home) -> None:
    """A calendar of 3 MB is said to be too large where it was chosen, and is not chosen any more."""
    page = visit(home)
    page.goto(f"/residents/{home.resident.pk}/calendar/")
    chosen = page.get_by_label("Calendar file (.ics)")
    chosen.set_input_files({"name": "a.ics", "mimeType": "text/calendar", "buffer": b"x" * 3_000_000})
    expect(page.get_by_role("alert")).to_have_text("The file is too large: at most 2 MB, please.")
    expect(chosen).to_have_value("")


def test_language_is_switched_on_the_page(visit: Visit, home: Home) -> None:
    """A choice in the menu changes the page at once."""
    page = visit(home)
    page.goto("/help/")
    page.get_by_label("Language").select_option("sv")
    expect(page.get_by_role("heading", name="Hjälpbegäran")).to_be_visible()


def test_pages_fit_a_phone_and_a_small_computer(visit: Visit, home: Home) -> None:
    """No page is wider than the window that shows it, with the longest words of the four languages."""
    home.user.language = "fi"
    home.user.save()
    press(home)
    page = visit(home)
    resident = f"/residents/{home.resident.pk}/"
    paths = (
        "/help/",
        "/residents/",
        resident,
        f"{resident}people/",
        f"{resident}calendar/",
        f"{resident}care/",
        "/devices/",
        "/devices/many/",
        "/reports/",
        "/changes/settings/",
    )
    for path in (*paths, f"/devices/{home.device.pk}/", f"/cafe/{home.organisation.pk}/"):
        page.goto(path)
        for width_px in (360, 1280):
            page.set_viewport_size({"width": width_px, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= width_px, (path, width_px)


def test_the_menu_folds_on_a_phone(visit: Visit, home: Home) -> None:
    """Four entries and "More", which shows all of them; Escape folds them again, and the focus stays."""
    page = visit(home)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/reports/")
    menu, more = page.locator("#menu a"), page.locator("#more")
    assert menu.count() > 14
    assert [each.is_visible() for each in menu.all()].count(True) == 4
    more.click()
    assert all(each.is_visible() for each in menu.all())
    page.keyboard.press("Escape")
    expect(menu.last).to_be_hidden()
    expect(more).to_be_focused()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(menu.last).to_be_visible()
    expect(more).to_be_hidden()
