"""``python -m cloud seed_demo``: a home to try everything with."""

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
    """Furnishes the demo, as often as one likes, and prints as JSON how to sign in."""

    help = "Furnishes a demo organisation and prints as JSON how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """One password for all of the demo's accounts; without it each gets one of its own."""
        parser.add_argument("--password", default="", help="for all accounts of the demo")

    def handle(self, *_args: object, **options: str) -> None:
        """Prints the organisation, the resident, the accounts with their passwords, the callers' links."""
        resident, users = furnish()
        callers = [_caller(contact) for contact in open_for_calls(resident)]
        accounts = [_account(user, options["password"] or secrets.token_urlsafe(9)) for user in users]
        told = {"organisation": resident.organisation_id, "resident": resident.pk, "accounts": accounts}
        told["callers"] = callers
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _account(user: User, password: str) -> dict[str, str]:
    # A password that is set anew ends every session, even if it is the same one.
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    told = {"user": user.username, "password": password, "name": str(user)}
    return told | {"organisation": user.organisation.name, "language": user.language}


def _caller(contact: Contact) -> dict[str, str]:
    # A secret is shown once: each time there is a new one, and the one before opens nothing any more.
    links.valid().filter(contact=contact, made_by=None).update(revoked_at=timezone.now())
    _link, secret = links.make(contact, by=None, lifetime=LINK_LIFETIME)
    announce(contact)
    return {"name": str(contact), "role": contact.role, "link": links.address(secret)}
