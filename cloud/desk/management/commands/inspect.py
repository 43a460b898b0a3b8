"""``python -m cloud inspect``: answers questions about the desk's rows, which it only reads."""

import sys

from django.core.management.base import BaseCommand

from cloud.desk.inspection import answered


class Command(BaseCommand):
    """Reads a question a line (see ``cloud.desk.inspection``) until the standard input ends."""

    help = "Answers questions about the desk's rows, as lines of JSON."
    requires_system_checks = ()

    def handle(self, *_args: str, **_options: object) -> None:
        """Answer each line as soon as it has come."""
        for line in sys.stdin.buffer:
            sys.stdout.buffer.write(answered(line) + b"\n")
            sys.stdout.buffer.flush()
