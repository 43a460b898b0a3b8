"""The self-test on request, and its progress in words (K8)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cloud.devices.commands import issue
from cloud.devices.models import Device, DeviceCommand
from cloud.organisations.models import User
from device.contract.commands import SelfTest

LIFETIME = timedelta(minutes=2)
# An older request is less interesting than the nightly test.
SHOWN_FOR = timedelta(hours=1)
REASONS = {
    "a test is running already": gettext_lazy("a test is running already"),
    "the resident is waiting for help": gettext_lazy("the resident is waiting for help"),
    "broken off: the resident asked for help": gettext_lazy("broken off: the resident asked for help"),
}


def ask(device: Device, user: User) -> None:
    """Request a test, which starts when the device receives it."""
    issue(device, SelfTest(), by=user, lifetime=LIFETIME)


def words(device: Device) -> str:
    """Return the state of the last requested test; empty without a recent one."""
    asked = device.commands.filter(
        body__kind=SelfTest.__struct_config__.tag, issued_at__gte=timezone.now() - SHOWN_FOR
    )
    command: DeviceCommand | None = asked.order_by("-issued_at").first()
    if command is None:
        return ""
    match command.stage:
        case "":
            return _("Self-test: waiting for the device.")
        case "done":
            return _("Self-test: done. What it found is on this page.")
        case "expired":
            return _("Self-test: the device did not answer.")
        case "declined" | "failed":
            reason = REASONS.get(command.reason, command.reason)
            return _("Self-test: not done, because: %(reason)s") % {"reason": reason}
    return _("Self-test: the device is testing itself.")
