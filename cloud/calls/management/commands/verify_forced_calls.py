"""``python -m cloud verify_forced_calls``: checks the logs of forced calls for tampering."""

from django.core.management.base import BaseCommand, CommandError

from cloud.calls import audit_chain
from cloud.calls.models import Call, DeviceLogEntry, ForcedCallEntry


class Command(BaseCommand):
    help = "Follows the digests of every log of forced calls; fails, and says where, if one does not hold."

    def handle(self, *_args: object, **_options: object) -> None:
        entries = audit_chain.linked(ForcedCallEntry.objects.all())
        desk = audit_chain.verify(entries.iterator(), Call.objects.all())
        logs = audit_chain.by_device(DeviceLogEntry.objects.all())
        broken = [*desk, *audit_chain.verify_devices(logs.iterator())]
        if broken:
            raise CommandError(
                "\n".join(f"{each.whose}, entry {each.number}: {each.why} {each.call}" for each in broken)
            )
        number = ForcedCallEntry.objects.count() + DeviceLogEntry.objects.count()
        self.stdout.write(f"{number} entries hold together.")
