"""``python -m cloud <command>``: Django's own commands and the desk's."""

import os
import sys

# These are somebody's work, as what is done on a page.
RECORDED = ("add_user", "issue_claim", "revoke")


def main() -> None:
    """Runs one management command with the desk's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")
    from django.core.management import execute_from_command_line

    from cloud.audit.actor import Actor, acting

    if sys.argv[1:2] and sys.argv[1] in RECORDED:
        with acting(lambda: Actor("command")):
            execute_from_command_line(["python -m cloud", *sys.argv[1:]])
    else:
        execute_from_command_line(["python -m cloud", *sys.argv[1:]])


if __name__ == "__main__":
    main()
