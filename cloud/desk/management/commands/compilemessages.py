"""``python -m cloud compilemessages``: compiles the desk's own translations only."""

import contextlib
from typing import Any

from django.conf import settings
from django.core.management.commands import compilemessages


class Command(compilemessages.Command):
    """Runs in the desk's folder: Django's own searches everything below the current one."""

    def handle(self, **options: Any) -> None:
        """Compile the desk's translations from any current folder."""
        with contextlib.chdir(settings.PACKAGE):
            super().handle(**options)
