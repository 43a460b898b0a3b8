"""Actions on many devices: first a preview of the effect, then exactly that (V9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cloud.devices import self_test
from cloud.devices.documents import refresh
from cloud.devices.incoming import device_reassigned
from cloud.devices.models import Device
from cloud.organisations.models import User

MOST_AT_ONCE = 10_000
# Each of these sends a command to every device.
MOST_COMMANDED = 200
_SALT = "fleet"
VALID_S = 900


@dataclass(frozen=True)
class Action:
    """An action on many devices: its texts, the devices it skips, and its limit."""

    label: object
    skips: Callable[[Device], bool]
    most: int


def _is_not_known(device: Device) -> bool:
    return not device.is_enrolled


def _is_in_ring(ring: str, device: Device) -> bool:
    return device.ring == ring


def _has_use(use: str, device: Device) -> bool:
    return device.use == use


ACTIONS: dict[str, Action] = {
    **{
        f"ring-{ring.value}": Action(ring.label, partial(_is_in_ring, ring.value), MOST_AT_ONCE)
        for ring in Device.Ring
    },
    **{
        f"use-{use.value}": Action(use.label, partial(_has_use, use.value), MOST_COMMANDED)
        for use in Device.Use
    },
    "self-test": Action(_("Test now"), _is_not_known, MOST_COMMANDED),
}


@dataclass(frozen=True)
class Preview:
    """The devices that are changed and those that are skipped; ``token`` authorises exactly that."""

    action: Action
    changes: list[Device]
    stays: int
    is_too_many: bool
    token: str


def preview(name: str, devices: Sequence[Device]) -> Preview:
    """Return the effect without changing anything."""
    action = ACTIONS[name]
    changes = [device for device in devices if not action.skips(device)]
    token = signing.dumps([name, [device.pk for device in changes]], salt=_SALT, compress=True)
    is_too_many = len(changes) > action.most
    return Preview(action, changes, len(devices) - len(changes), is_too_many, token)


def carry_out(token: str, user: User) -> int:
    """Execute it; return the number of devices. Raises ``signing.BadSignature`` without a preview."""
    name, ids = signing.loads(token, salt=_SALT, max_age=VALID_S)
    kind, _dash, value = name.partition("-")
    done = 0
    # The database's limit of parameters.
    for at in range(0, len(ids), 500):
        done += _do(kind, value, ids[at : at + 500], user)
    return done


def _do(kind: str, value: str, ids: list[str], user: User) -> int:
    with transaction.atomic():
        ours = Device.objects.visible_to(user).filter(pk__in=ids)
        if kind == "ring":
            return ours.update(ring=value)
        found = list(ours.select_related("resident", "organisation"))
        for device in found:
            if kind == "use":
                Device.objects.filter(pk=device.pk).update(use=value)
                device.use = value
                refresh(device)
                device_reassigned.send(Device, device=device)
            else:
                self_test.ask(device, user)
        return len(found)
