"""``python -m cloud verify_forced_calls``: checks the logs of forced calls for tampering."""

from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from cloud.calls import audit_chain
from cloud.calls.models import DeviceLogEntry, ForcedCallEntry
from cloud.devices.models import Device
from cloud.organisations.models import Organisation


class Command(BaseCommand):
    help = "Follows the digests of every log of forced calls; fails, and says where, if one does not hold."

    def handle(self, *_args: object, **_options: object) -> None:
        desk = (audit_chain.verify(organisation) for organisation in Organisation.objects.all())
        devices = DeviceLogEntry.objects.values("device").distinct()
        tablets = (audit_chain.verify_device(device) for device in Device.objects.filter(pk__in=devices))
        broken = list(chain.from_iterable((*desk, *tablets)))
        if broken:
            raise CommandError(
                "\n".join(f"{each.whose}, entry {each.number}: {each.why} {each.call}" for each in broken)
            )
        entries = ForcedCallEntry.objects.count() + DeviceLogEntry.objects.count()
        self.stdout.write(f"{entries} entries hold together.")
