"""``python -m cloud add_user``: creates the first account of an organisation, and any other."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cloud.base.languages import LANGUAGES
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role


class Command(BaseCommand):
    """Adds a user, and missing organisations on the path to theirs."""

    help = "Adds a user. The password is asked for, or read from the standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the user's name, organisation and roles."""
        parser.add_argument("username")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", default="")
        parser.add_argument("--language", choices=[code for code, _ in LANGUAGES], default="fi")
        parser.add_argument(
            "--role",
            action="append",
            choices=Role.values,
            help="several may be given; administrator if none is",
        )
        parser.add_argument("--organisation", required=True, help='from the top down: "City / Home"')

    @transaction.atomic
    def handle(self, *_args: object, **options: Any) -> None:
        """Create the user; refuse a name that is taken and a weak password."""
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"there is a user '{options['username']}' already")
        user = User(
            username=options["username"],
            first_name=options["first_name"],
            last_name=options["last_name"],
            language=options["language"],
            organisation=_organisation(options["organisation"]),
        )
        user.set_password(_password(user))
        user.save()
        user.give(map(Role, options.get("role") or [Role.ADMINISTRATOR]), user.organisation)
        self.stdout.write(f"{user} may sign in as '{user.username}'.")


def _organisation(names: str) -> Organisation:
    """Return the last of the names; each is below the one before."""
    below: Organisation | None = None
    for name in (part.strip() for part in names.split("/")):
        if not name:
            raise CommandError("an organisation has no name")
        below, _ = Organisation.objects.get_or_create(name=name, parent=below)
    if below is None:
        raise CommandError("an organisation is needed")
    return below


def _password(user: User) -> str:
    password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
