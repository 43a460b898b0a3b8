"""A door that closes for a while on whoever guesses passwords."""

from datetime import timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone

from cloud.organisations.models import FailedSignIn

WINDOW = timedelta(minutes=15)
# One person at one place mistypes; one place may be a whole home behind one address; a name that is tried
# from everywhere is being attacked. The last is the highest: nobody shall lock a nurse out from outside.
MOST_BY_NAME_AND_ADDRESS = 5
MOST_BY_ADDRESS = 50
MOST_BY_NAME = 100


def is_closed(name: str, address: str | None) -> bool:
    """Whether no password is tried now for this name from this address."""
    digest = _digest(name)
    recent = FailedSignIn.objects.filter(at__gt=timezone.now() - WINDOW)
    failures = recent.filter(Q(name_sha256=digest) | Q(address=address)).values_list("name_sha256", "address")
    by_name = [from_address for tried, from_address in failures if tried == digest]
    by_address = [tried for tried, from_address in failures if from_address == address]
    return (
        by_name.count(address) >= MOST_BY_NAME_AND_ADDRESS
        or len(by_address) >= MOST_BY_ADDRESS
        or len(by_name) >= MOST_BY_NAME
    )


def note_failure(name: str, address: str | None) -> None:
    """Remembers a refused sign-in, and forgets those of long ago."""
    FailedSignIn.objects.filter(at__lt=timezone.now() - 4 * WINDOW).delete()
    FailedSignIn(name_sha256=_digest(name), address=address).save()


def forget_failures(name: str, address: str | None) -> None:
    """After a sign-in that succeeded."""
    FailedSignIn.objects.filter(name_sha256=_digest(name), address=address).delete()


def _digest(name: str) -> str:
    return sha256(name.strip().casefold().encode()).hexdigest()
