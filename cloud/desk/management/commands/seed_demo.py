"""``python -m cloud seed_demo``: creates the demo data."""

import json
import secrets
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cloud.calls import links
from cloud.calls.presence import announce
from cloud.desk.demo.calls import open_for_calls
from cloud.desk.demo.home import furnish
from cloud.organisations.models import User
from cloud.people.models import Contact

LINK_LIFETIME = timedelta(days=365)


class Command(BaseCommand):
    """Creates the demo data repeatably, and prints as JSON how to sign in."""

    help = "Furnishes a demo organisation and prints as JSON how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add a password for all demo accounts; without it each gets its own."""
        parser.add_argument("--password", default="", help="for all accounts of the demo")

    def handle(self, *_args: object, **options: str) -> None:
        """Print the organisation, the resident, the accounts with their passwords, the callers' links."""
        resident, users = furnish()
        callers = [_caller(contact) for contact in open_for_calls(resident)]
        accounts = [_account(user, options["password"] or secrets.token_urlsafe(9)) for user in users]
        seeded = {"organisation": resident.organisation_id, "resident": resident.pk, "accounts": accounts}
        seeded["callers"] = callers
        self.stdout.write(json.dumps(seeded, ensure_ascii=False, indent=2))


def _account(user: User, password: str) -> dict[str, str]:
    # Setting a password ends every session, even if it is the same one.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    seeded = {"user": user.username, "password": password, "name": str(user)}
    return seeded | {"organisation": user.organisation.name, "language": user.language}


def _caller(contact: Contact) -> dict[str, str]:
    # A secret is shown once: each run creates a new one, and the previous becomes invalid.
    links.valid().filter(contact=contact, made_by=None).update(revoked_at=timezone.now())
    _link, secret = links.make(contact, by=None, lifetime=LINK_LIFETIME)
    announce(contact)
    return {"name": str(contact), "role": contact.role, "link": links.address(secret)}
