"""``python -m cloud seed_demo``: a home to try everything with."""

import json
import secrets

from django.core.management.base import BaseCommand, CommandParser

from cloud.desk.demo.home import furnish
from cloud.organisations.models import User


class Command(BaseCommand):
    """Furnishes the demo, as often as one likes, and prints as JSON how to sign in."""

    help = "Furnishes a demo organisation and prints as JSON how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """One password for all of the demo's accounts; without it each gets one of its own."""
        parser.add_argument("--password", default="", help="for all accounts of the demo")

    def handle(self, *_args: object, **options: str) -> None:
        """Prints the organisation, the resident, and the accounts with their passwords."""
        resident, users = furnish()
        accounts = [_account(user, options["password"] or secrets.token_urlsafe(9)) for user in users]
        told = {"organisation": resident.organisation_id, "resident": resident.pk, "accounts": accounts}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _account(user: User, password: str) -> dict[str, str]:
    # A password that is set anew ends every session, even if it is the same one.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    told = {"user": user.username, "password": password, "name": str(user)}
    return told | {"organisation": user.organisation.name, "language": user.language}
