"""The agent's page in a real browser: on a small computer and a phone, in each language."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cloud.base.languages import LANGUAGES
from cloud.queue import service
from cloud.queue.models import Queue, Template, Visit
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home, make_home, make_resident
from tests.cloud.queue.test_desk import another_customer, at_work, join

LONG = "Kahvipöytäkeskustelukerholaistenyhdistys"
WIDTHS = (1280, 390)
# A name beside buttons is not squeezed to a letter a line.
NAME_PX = 120


@pytest.fixture
def busy(transactional_db: None) -> Home:
    """Two queues; one customer is served and wrote a long word, one waits, is away, and has a long name."""
    home = make_home("Lehmus")
    ResidentView.objects.update(queue=True)
    Visit.objects.all().delete()
    queue, other = (
        Queue.objects.create(organisation=home.organisation, name=name) for name in ("Meals", LONG)
    )
    Template.objects.create(queue=queue, title="Hello", text="Good day {customer}.")
    agent = at_work(home.user, queue, other)
    join(home, queue, "v-1")
    service.take(agent, "v-1")
    service.agent_wrote(agent, "v-1", "Hello", "1")
    service.customer_wrote(home.device, "v-1", 1, f"{LONG}{LONG} <b>😀</b> שלום")
    waiting = another_customer(home, queue, LONG)
    Visit.objects.filter(pk=waiting.pk).update(away_since=timezone.now())
    make_resident(home.organisation, "Aino")
    Visit.objects.filter(id="v-1").update(served_at=timezone.now() - timedelta(minutes=9))
    return home


@pytest.mark.requirement("Q3", "K13")
def test_the_agents_page_fits_in_each_language(visit: Callable[[Home], Page], busy: Home) -> None:
    """Nothing is wider than the window, and what an agent does is on the page without scrolling sideways."""
    served = Visit.objects.get(id="v-1")
    page = visit(busy)
    for language, _name in LANGUAGES:
        busy.user.language = language
        busy.user.save(update_fields=["language"])
        for path in ("/queue/", f"/queue/visits/{served.pk}/"):
            page.goto(path)
            for width_px in WIDTHS:
                page.set_viewport_size({"width": width_px, "height": 844})
                where = f"{path} {language} {width_px}"
                assert page.locator("html").get_attribute("lang") == language, where
                assert page.evaluate("document.documentElement.scrollWidth") <= width_px, where
                names = page.locator("#queue-board .rows .grow").all()
                assert min(box["width"] for each in names if (box := each.bounding_box())) > NAME_PX, where
                for button in page.locator(".conversation button:visible").all():
                    box = button.bounding_box()
                    assert box, where
                    assert box["x"] >= 0, where
                    assert box["x"] + box["width"] <= width_px, where


@pytest.mark.requirement("Q3")
def test_the_next_customer_and_a_chosen_one_are_taken(visit: Callable[[Home], Page], busy: Home) -> None:
    """By the buttons of the board, which is drawn once for all agents."""
    page = visit(busy)
    Visit.objects.filter(stage="waiting").update(away_since=None)
    chosen = another_customer(busy, Queue.objects.get(name="Meals"), "Chosen")
    page.goto("/queue/")
    page.locator(f"button[formaction$='/visits/{chosen.pk}/take/']:enabled").click()
    page.wait_for_url(f"**/queue/visits/{chosen.pk}/")
    page.locator("button[formaction$='/next/']:enabled").click()
    page.wait_for_url(lambda url: f"/{chosen.pk}/" not in url)
    assert Visit.objects.filter(stage="served").count() == 3
    expect(page.locator("button[formaction$='/next/']")).to_be_disabled()
