"""Enrols a campaign's neighbours, and answers them: ``python -m tests.campaign.neighbours N FOLDER``."""

import sys
from pathlib import Path

import django


def main() -> None:
    """Until the end of the process."""
    django.setup()
    from cloud.desk.demo.home import NURSE_OF_THE_HOUSE
    from cloud.desk.demo.staff import work_until_ended
    from cloud.organisations.models import User
    from tests.bench.fleet.enrol import enrol

    house = set(enrol(int(sys.argv[1]), Path(sys.argv[2])))
    work_until_ended(User.objects.get(username=NURSE_OF_THE_HOUSE), house)


if __name__ == "__main__":
    main()
