"""A resident calls somebody whose page is closed: their phone rings, or the screen says so (K15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cloud.calls import anonymising, ending, links
from cloud.calls.models import CallSettings, Invitee
from cloud.calls.presence import presences
from cloud.calls.state import state
from cloud.delivery.models import ChannelSettings, Delivery
from cloud.devices.incoming import handle_event
from cloud.help.models import HelpRequest
from cloud.people.models import Contact
from cloud.push.models import Phone, PushMessage, PushSettings
from cloud.push.watch import look
from device.contract.events import CallPlaced, HelpRaised, UrgentCallRequested
from tests.cloud.calls.callers import Caller, command_bodies, newest, says
from tests.cloud.homes import Home
from tests.cloud.push_service import PushService
from tests.cloud.test_help_board import event

pytestmark = [pytest.mark.requirement("K15"), pytest.mark.django_db]
Send = Callable[[], None]


def place(home: Home, call_id: str = "r1") -> None:
    """The resident taps the relative's face."""
    says(home.device, CallPlaced(call_id=call_id, contact_ids=[str(home.contact.pk)]))


def ways(home: Home) -> list[str]:
    """Return the channels that the resident's screen was sent."""
    return [body["way"] for body in command_bodies(home.device, "update-call")]


def later(seconds: float) -> None:
    """The watch looks, so long after the call was placed."""
    look(newest().offered_at + timedelta(seconds=seconds))


def answer_from(message: dict[str, Any], what: str = "heard") -> int:
    """The service worker answers; it has no cookie, and needs none."""
    body = {"token": message["token"]}
    return (
        Client(enforce_csrf_checks=True)
        .post(f"/call/phone/{what}/", body, content_type="application/json")
        .status_code
    )


def test_a_phone_rings_with_name_and_face_and_the_screen_says_so(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """First it is tried, then the phone confirms that it rings: only then does the screen say so."""
    place(home)
    sent()
    (message,) = service.messages
    assert message["title"] == "Lehmus Virtanen calls you"
    assert message["icon"].startswith("data:image/png;base64,")
    assert message["open"] == "/call/?answer=r1"
    assert ways(home) == ["trying"]
    assert service.headers[0]["Urgency"] == "high"
    assert answer_from(message) == 204
    assert ways(home) == ["trying", "phone"]
    later(40)
    assert newest().state == "ringing"


def test_an_organisation_keeps_names_off_locked_phones(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """Neither name nor initials are in what is sent."""
    PushSettings.objects.create(organisation=home.organisation, names_shown=False)
    place(home)
    sent()
    (message,) = service.messages
    assert (message["title"], message["icon"]) == ("Somebody calls you", "")
    assert "Lehmus" not in str(message)


def test_not_now_on_the_notification(home: Home, leena: Caller, service: PushService, sent: Send) -> None:
    """The resident is notified without any page; the token is valid for this message only."""
    place(home)
    sent()
    assert answer_from({"token": "made up"}, "not-now") == 403
    assert answer_from(service.messages[0], "not-now") == 204
    assert newest().why == "refused"


def test_an_email_follows_where_no_phone_has_rung_in_five_seconds(
    home: Home, leena: Caller, service: PushService, sent: Send, settings: Any
) -> None:
    """Its link answers without the secret, for ten minutes; and the screen says that it was written."""
    settings.DESK_ADDRESS = "https://desk.example.org"
    PushSettings.objects.create(organisation=home.organisation, writes=True)
    Contact.objects.filter(pk=home.contact.pk).update(email="leena@example.org")
    place(home)
    sent()
    later(4.9)
    sent()
    assert mail.outbox == []
    later(5.1)
    sent()
    later(5.6)
    assert ways(home) == ["trying", "written"]
    (letter,) = mail.outbox
    assert letter.to == ["leena@example.org"]
    (address,) = [line for line in letter.body.splitlines() if line.startswith("https://")]
    assert address.startswith("https://desk.example.org/call/?answer=r1#p.")
    found = links.find(address.partition("#")[2])
    assert found
    assert found.contact == home.contact
    assert answer_from(service.messages[0]) == 204
    assert ways(home)[-1] == "phone"


def test_a_text_message_comes_before_an_email(home: Home, leena: Caller) -> None:
    """SMS is noticed sooner; the number is complete, however it was written."""
    ChannelSettings.objects.create(organisation=home.organisation, channel="sms-gateway", values={})
    PushSettings.objects.create(organisation=home.organisation, writes=True)
    Contact.objects.filter(pk=home.contact.pk).update(phone="040 123 4567", email="leena@example.org")
    place(home)
    later(5.1)
    letter = Delivery.objects.get(key=f"call/r1/{home.contact.pk}")
    assert letter.ways == [["sms-gateway", "+358401234567"], ["email", "leena@example.org"]]


def test_without_any_way_the_resident_does_not_wait(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """A phone that has not said that it rings is given up, long before the call would end by itself."""
    place(home)
    sent()
    later(11)
    assert newest().state == "ringing"
    later(12.5)
    assert newest().why == "not-reachable"
    assert Invitee.objects.get().outcome == "not-reachable"


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_subscription_is_removed(
    home: Home, leena: Caller, service: PushService, sent: Send, status: int
) -> None:
    """The resident is notified at once; the next call does not wait for it."""
    service.statuses.append(status)
    place(home)
    sent()
    assert not Phone.objects.exists()
    later(0.5)
    assert newest().why == "not-reachable"
    place(home, "r2")
    assert newest().why == "not-reachable"


def test_a_push_service_in_trouble_costs_nobody_the_phone(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """The subscription stays; this call goes to nobody."""
    service.statuses.append(503)
    place(home)
    sent()
    later(0.5)
    assert newest().why == "not-reachable"
    assert Phone.objects.count() == 1


def test_the_phone_says_what_was_missed(home: Home, leena: Caller, service: PushService, sent: Send) -> None:
    """In place of the ring; and the page has it, until it was seen."""
    place(home)
    sent()
    ending.end("r1", "no-answer")
    sent()
    ring, over = service.messages
    assert over["kind"] == "over"
    assert over["tag"] == ring["tag"]
    assert over["title"].startswith("Lehmus Virtanen has called you at ")
    (missed,) = state(leena.link, leena.page)["missed"]
    assert missed["name"] == "Lehmus Virtanen"
    assert leena.post("seen").status_code == 204
    assert state(leena.link, leena.page)["missed"] == []


@pytest.mark.requirement("V26")
def test_presence_says_can_be_rung(home: Home, leena: Caller) -> None:
    """While the phone is subscribed and they have not said otherwise; after its end, away."""
    assert presences([Contact.objects.get()]) == {home.contact.pk: "can-be-rung"}
    leena.post("presence", presence="away")
    assert presences([Contact.objects.get()]) == {home.contact.pk: "away"}


@pytest.mark.parametrize("how", ["revoked", "locked", "anonymised"])
def test_a_contact_without_the_right_is_not_rung(
    home: Home, leena: Caller, service: PushService, sent: Send, how: str
) -> None:
    """A link that was taken back rings no phone, however well the browser remembers it."""
    if how == "revoked":
        leena.link.revoked_at = timezone.now()
        leena.link.save()
    elif how == "locked":
        Contact.objects.update(locked=True)
    else:
        anonymising.anonymise(Contact.objects.get())
    place(home)
    sent()
    assert service.messages == []


def test_help_wakes_the_phone_of_the_user_on_duty(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """It leads to the board; an urgent call rings there as a call does."""
    CallSettings.objects.create(organisation=home.organisation, duty_officer=home.contact)
    HelpRequest.objects.update(closed_at=timezone.now())
    handle_event(home.device, event(HelpRaised(help_id="h-new", source="screen")))
    sent()
    (message,) = service.messages
    assert (message["title"], message["open"]) == ("Lehmus Virtanen asks for help", "/help/")
    handle_event(home.device, event(UrgentCallRequested(request_id="u-1")))
    sent()
    assert service.messages[1]["title"] == "Lehmus Virtanen asks for an urgent call"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/1", "https://127.0.0.1/1", "https://[::1]/1", "https://10.0.0.8/1",
        "https://169.254.169.254/latest", "https://localhost/1", "https://user@push.example.org/1", "ftp://x/yyyy",
    ],
)  # fmt: skip
def test_a_subscription_leads_to_public_addresses_only(
    home: Home, leena: Caller, service: PushService, settings: Any, endpoint: str
) -> None:
    """The desk is no way into its own network (OWASP SSRF)."""
    settings.PUSH_MAY_BE_LOCAL = False
    before = Phone.objects.count()
    answer = leena.post("phone/subscribe", **service.subscription() | {"endpoint": endpoint})
    assert answer.status_code == 400
    assert Phone.objects.count() == before


def test_a_name_that_leads_inside_is_refused_when_it_is_sent_to(
    home: Home, leena: Caller, service: PushService, sent: Send, settings: Any
) -> None:
    """Whatever a name said when it was subscribed: nothing goes out."""
    settings.PUSH_MAY_BE_LOCAL = False
    place(home)
    sent()
    assert service.messages == []
    assert "own machine" in PushMessage.objects.get(kind="ring").reason


def test_five_phones_each(home: Home, leena: Caller, service: PushService) -> None:
    """A sixth phone of a contact replaces the one that was added first."""
    for number in range(8):
        leena.post("phone/subscribe", **service.subscription(f"phone-{number}"))
    assert Phone.objects.count() == 5
    assert not Phone.objects.filter(endpoint__endswith="leena").exists()


def test_a_phone_that_is_given_back_rings_no_more(
    home: Home, leena: Caller, service: PushService, sent: Send
) -> None:
    """After unsubscribing, the resident sees at once that she cannot be reached."""
    assert leena.post("phone/unsubscribe", endpoint=service.subscription()["endpoint"]).status_code == 204
    place(home)
    sent()
    assert (service.messages, newest().why) == ([], "not-reachable")


def test_every_address_beneath_the_page_needs_its_key(home: Home, service: PushService) -> None:
    """What says nothing about anybody is open: manifest, worker and public key."""
    stranger = Client()
    for what in ("subscribe", "unsubscribe"):
        assert stranger.post(f"/call/phone/{what}/", "{}", content_type="application/json").status_code == 403
    manifest = stranger.get("/call/phone/manifest.webmanifest")
    assert (manifest.json()["start_url"], manifest.json()["display"]) == ("/call/", "standalone")
    worker = stranger.get("/call/phone/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/call/"
    assert b"showNotification" in worker.content
    assert len(stranger.get("/call/phone/key/").json()["key"]) == 87
    assert stranger.post("/call/phone/heard/", "[]", content_type="application/json").status_code == 400
