"""``python -m cloud compilemessages``: the desk's own translations, and nobody else's."""

import contextlib
from typing import Any

from django.conf import settings
from django.core.management.commands import compilemessages


class Command(compilemessages.Command):
    """Django's command walks through everything below the current folder; this one goes home first."""

    def handle(self, **options: Any) -> None:
        """Compiles what lies in the desk's own folder, from wherever it is called."""
        with contextlib.chdir(settings.PACKAGE):
            super().handle(**options)
