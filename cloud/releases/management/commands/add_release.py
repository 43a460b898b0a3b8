"""``python -m cloud add_release``: imports a release that ``kotiruutu release`` has built."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cloud.releases.store import ReleaseRefused, add


class Command(BaseCommand):
    help = "Takes in a signed release. No device gets it before somebody says so on the page Software."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: str, file: Path, **_options: object) -> None:
        try:
            release = add(file)
        except ReleaseRefused as error:
            raise CommandError(f"Not taken in: {error}") from None
        self.stdout.write(f"Release {release.version} for {release.arch}: {release.size_bytes / 1e6:.0f} MB.")
