"""A message to everybody of a home."""

import html

import pytest
from django.test import Client

from cloud.devices.models import DesiredDocument
from cloud.messages.models import Message, MessageText
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home, make_home, make_resident

pytestmark = pytest.mark.requirement("M1")
PAGE = "/messages/home/"


def test_everybody_who_is_chosen_gets_it_with_their_own_name(home: Home, foreign: Home, desk: Client) -> None:
    """Also in the homes below; on the screens at once, and never in a home of others."""
    below, other = make_home("Alla", parent=home.organisation), make_resident(home.organisation, "Aino")
    page = desk.get(f"{PAGE}?home={home.organisation.pk}").content.decode()
    assert "Lehmus Virtanen" in page
    assert "Alla Virtanen" in page
    assert "Vieras" not in page
    chosen = [home.resident.pk, below.resident.pk, foreign.resident.pk]
    words = {"title": "Singing", "body": "{first_name}, we sing at two."}
    answer = desk.post(PAGE, {"home": home.organisation.pk, "resident": chosen, **words})
    assert answer.status_code == 302
    said = Message.objects.filter(title="Singing").order_by("pk")
    assert {each.body for each in said} == {"Lehmus, we sing at two.", "Alla, we sing at two."}
    assert not said.filter(resident=other).exists()
    body = DesiredDocument.objects.get(device=home.device, name="messages").body
    assert "Singing" in [each["title"] for each in body["messages"]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body": "{performer}"}, "There is no {performer}"),
        ({"resident": []}, "Choose at least one"),
        ({"body": "x" * 5_001}, "at most 5000"),
        ({"body": ""}, "Choose a ready text, or write one"),
        ({"ready": "late"}, "not both"),
        ({"ready": "cancelled", "body": ""}, "There is no {date}"),
        ({"ready": "medicine", "body": ""}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_sent_is_said(home: Home, desk: Client, wrong: dict[str, object], words: str) -> None:
    """Nobody gets anything, and what was written stays on the page."""
    right = {"home": home.organisation.pk, "resident": [home.resident.pk], "title": "Singing", "body": "x"}
    if code := wrong.pop("ready", ""):
        wrong["ready"] = MessageText.objects.get(organisation=home.organisation, code=code).pk
    page = html.unescape(desk.post(PAGE, right | wrong).text)
    assert words in page
    assert 'value="Singing"' in page
    assert not Message.objects.filter(title="Singing").exists()


@pytest.mark.parametrize("asked", ["", "?home=abc", "?home=999999"])
def test_a_home_that_is_none_is_the_first(home: Home, desk: Client, asked: str) -> None:
    """Whatever stands in the address."""
    assert "Lehmus Virtanen" in desk.get(f"{PAGE}{asked}").content.decode()


@pytest.mark.requirement("M2")
def test_a_ready_text_comes_in_the_language_of_each_screen(home: Home, desk: Client) -> None:
    """To a home, and to one resident; reminders have texts of their own."""
    other = make_resident(home.organisation, "Aino")
    ResidentView.objects.update_or_create(resident=other, defaults={"language": "sv"})
    text = MessageText.objects.get(organisation=home.organisation, code="late")
    chosen = {"home": home.organisation.pk, "resident": [home.resident.pk, other.pk]}
    desk.post(PAGE, {**chosen, "title": "Today", "ready": text.pk})
    said = dict(Message.objects.filter(title="Today").values_list("resident", "body"))
    assert said[home.resident.pk].startswith("Lehmus, we are a little late")
    assert said[other.pk].startswith("Aino, vi är lite sena")
    desk.post(f"/residents/{other.pk}/messages/send/", {"title": "To you", "ready": text.pk})
    assert Message.objects.get(title="To you").body == said[other.pk]
    reminder = desk.get(f"/messages/reminders/new/{home.organisation.pk}/").text
    assert "Medicine" in reminder
    assert "Late" not in reminder
