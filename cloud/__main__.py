"""``python -m cloud <command>``: Django's own commands and the desk's."""

import os
import sys


def main() -> None:
    """Runs one management command with the desk's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m cloud", *sys.argv[1:]])


if __name__ == "__main__":
    main()
