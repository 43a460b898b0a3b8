"""``python -m cloud verify_forced_calls``: checks the logs of forced calls for tampering."""

from django.core.management.base import BaseCommand, CommandError

from cloud.calls import audit_chain
from cloud.calls.models import Call, DeviceLogEntry, ForcedCallEntry


class Command(BaseCommand):
    help = "Follows the digests of every log of forced calls; fails, and says where, if one does not hold."

    def handle(self, *_args: object, **_options: object) -> None:
        desk = audit_chain.verify(ForcedCallEntry.objects.all(), Call.objects.all())
        broken = [*desk, *audit_chain.verify_devices(DeviceLogEntry.objects.all())]
        if broken:
            raise CommandError(
                "\n".join(f"{each.whose}, entry {each.number}: {each.why} {each.call}" for each in broken)
            )
        entries = ForcedCallEntry.objects.count() + DeviceLogEntry.objects.count()
        self.stdout.write(f"{entries} entries hold together.")
