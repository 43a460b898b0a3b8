"""Devices by their resident's name, their organisation or the beginning of their id."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cloud.base.search import Hit, Subject
from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.organisations.roles import Verb
from cloud.screens import fleet

SHOWN_OF_ID = 12


def _find(user: User, words: str) -> QuerySet[Device]:
    return fleet.devices(user, fleet.Wanted(words=words)).select_related("resident", "organisation")


def _hit(device: Device) -> Hit:
    short = device.pk[:SHOWN_OF_ID]
    title = str(device.resident) if device.resident else short
    details = [short, device.get_use_display(), str(device.organisation)]
    return Hit(title, details, reverse("screens:device", args=[device.pk]))


DEVICES = Subject("devices", _("Devices"), 30, Verb.SEE_SCREENS, _find, _hit, "screens:devices")
