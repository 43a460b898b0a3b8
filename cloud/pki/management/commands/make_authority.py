"""``python -m cloud make_authority``: creates the desk's certificate authority and certificates."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from cloud.pki.authority import desk_authority
from cloud.pki.root import Root

ALWAYS = ("localhost", "127.0.0.1")


class Command(BaseCommand):
    help = "Creates the certificate authority, or only a new server certificate where it exists already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            help="a host name or an address under which devices reach the desk and the broker",
        )

    def handle(self, *_args: str, host: list[str], **_options: object) -> None:
        authority = desk_authority()
        root = Root(Path(settings.SIGNER_DIRECTORY)) if settings.SIGNER_DIRECTORY else None
        authority.make(list(dict.fromkeys((*host, *ALWAYS))), root)
        self.stdout.write(f"Certificate authority: {authority.directory}")
        if root:
            self.stdout.write(f"Its key, for the signing process alone: {root.directory}")
