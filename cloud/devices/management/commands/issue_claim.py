"""``python -m cloud issue_claim``: creates a one-time code to enrol one device."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cloud.devices.claims import issue_claim
from cloud.devices.errors import DevicesError
from cloud.organisations.models import Organisation
from cloud.people.models import Resident


class Command(BaseCommand):
    help = "Prints a claim for one new device; it is valid for 15 minutes and works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--resident", type=int, help="number of the device's resident")
        parser.add_argument("--organisation", type=int, help="needed for a device that goes into stock")

    def handle(self, *_args: str, resident: int | None, organisation: int | None, **_options: object) -> None:
        try:
            person = Resident.objects.get(pk=resident) if resident else None
            home = Organisation.objects.get(pk=organisation) if organisation else None
            owner = home or (person.organisation if person else None)
            if owner is None:
                raise CommandError("say --resident or --organisation")
            self.stdout.write(issue_claim(owner, person))
        except Resident.DoesNotExist:
            raise CommandError(f"there is no resident {resident}") from None
        except Organisation.DoesNotExist:
            raise CommandError(f"there is no organisation {organisation}") from None
        except DevicesError as error:
            raise CommandError(str(error)) from None
