"""A contact at their page, and the resident's device."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from cloud.calls import device_events, links, own
from cloud.calls.models import Call, StaffContact
from cloud.calls.presence import seen
from cloud.devices.models import Device
from cloud.people.models import CareSettings, Contact
from device.contract.events import Happening
from tests.cloud.homes import Home, make_user
from tests.cloud.test_help_board import event

OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host",
        "",
    ]
)
ANSWER = OFFER.replace("abcd", "efgh")


class Caller:
    """A contact in a browser of their own, with one page open."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self.client = Client(headers={"accept-language": "en"})
        self.page = str(uuid4())
        self.secret = ""
        if own.is_staff(contact):
            user = make_user(contact.organisation, first_name=contact.first_name)
            StaffContact.objects.create(user=user, contact=contact)
            self.client.force_login(user)
            self.link = own.come_in(user)
        else:
            self.link, self.secret = links.make(contact, by=None, lifetime=timedelta(days=30))

    def enter(self) -> "Caller":
        """Comes in by the personal link; a professional has signed in already."""
        if self.secret:
            assert self.post("enter", secret=self.secret).status_code == 204
        return self

    def open(self) -> "Caller":
        """The page is open: its stream says so."""
        seen(self.page, self.link)
        return self

    def post(self, what: str, **body: Any) -> Any:
        """What the page asks for, and the answer."""
        return self.client.post(f"/call/{what}/", json.dumps(body), content_type="application/json")

    def call(self, *homes: Home, offer: str = OFFER, **more: Any) -> Any:
        calls = [{"resident": home.resident.pk, "offer": offer} for home in homes]
        return self.post("place", page=self.page, calls=calls, **more)

    def force(self, home: Home, reason: str = "alarm", text: str = "No answer at the door") -> Call:
        """Makes a forced call; what became of it at the desk."""
        assert self.call(home, reason=reason, text=text).status_code == 200
        return newest()

    def hangs_up(self, call: Call) -> None:
        assert self.post("end", page=self.page, calls=[call.pk]).status_code == 204


def newest() -> Call:
    """The last call that was placed."""
    return Call.objects.order_by("-offered_at", "-pk")[0]


def command_bodies(device: Device, kind: str) -> list[dict[str, Any]]:
    """The bodies of the commands of this kind to the device, oldest first."""
    rows = device.commands.filter(body__kind=kind).order_by("issued_at", "pk")
    return [command.body for command in rows]


def says(device: Device, what: Happening) -> None:
    """Report an event as the device."""
    device_events.handle(device, event(what))


def allow_forced(home: Home, **fields: Any) -> None:
    """The resident's boxes and consent, at any hour."""
    everything = {
        "forced_by_professionals": True,
        "forced_by_relatives": True,
        "consent_by": "Aino Virtanen",
        "consent_on": date(2026, 1, 2),
        "forced_from": "00:00",
        "forced_until": "00:00",
    }
    CareSettings.objects.filter(resident=home.resident).update(**everything | fields)
    home.relation.may_force_call = True
    home.relation.save()
