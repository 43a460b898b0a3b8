"""Handles applications: rate limits, notification, and confirmation code (V18-V20)."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cloud.base.addresses import absolute
from cloud.delivery import outbox
from cloud.delivery.outbox import Address, Letter
from cloud.family.models import Application, RegistrationLink, RelativesSettings
from cloud.organisations.models import Organisation, User

WINDOW = timedelta(hours=1)
# Limits for one family, for a care home's network, and for what a team can read.
MOST_FROM_ONE_PLACE = 10
MOST_IN_WINDOW = 100
MOST_WAITING = 500
# The maximum rate of notifications, however many apply.
NOTICE_EACH = timedelta(minutes=10)
CODE_LIFETIME = timedelta(minutes=30)
MOST_TRIES = 5
DESK_LANGUAGE = "fi"

WRONG_CODE = gettext_lazy("This is not the code, or it is too old. After five wrong ones please apply again.")

State = Application.State


def find(token: str) -> RegistrationLink | None:
    """Return the registration link that is valid now, or None."""
    link = RegistrationLink.objects.filter(token=token).select_related("organisation").first()
    return link if link and link.is_open else None


def make_link(organisation: Organisation, lifetime: timedelta, by: User) -> RegistrationLink:
    """Create a link; previous ones become invalid."""
    now = timezone.now()
    RegistrationLink.objects.filter(organisation=organisation, revoked_at=None).update(revoked_at=now)
    return RegistrationLink.objects.create(
        organisation=organisation,
        token=secrets.token_urlsafe(18),
        made_by=by,
        expires_at=now + lifetime,
    )


def place_of(address: str | None) -> str:
    """Return a keyed digest of a browser's address."""
    return salted_hmac("kotiruutu.family", address or "").hexdigest()


def is_full(organisation: Organisation, sent_from: str) -> bool:
    """Return whether the limit is reached, for this address or in total."""
    recent = Application.objects.filter(made_at__gt=timezone.now() - WINDOW)
    if recent.filter(sent_from=sent_from).count() >= MOST_FROM_ONE_PLACE:
        return True
    here = Application.objects.filter(organisation=organisation)
    undecided = here.filter(state__in=(State.WAITING, State.UNCONFIRMED))
    return (
        recent.filter(organisation=organisation).count() >= MOST_IN_WINDOW
        or undecided.count() >= MOST_WAITING
    )


@transaction.atomic
def take(application: Application) -> Application:
    """Store an application; where a code is required, it waits for that first.

    It does not replace another with the same address: the address is not verified yet.
    """
    now = timezone.now()
    application.made_at = application.consented_at = now
    if _settings(application.organisation).asks_code:
        application.state = State.UNCONFIRMED
        application.save()
        _send_code(application)
        return application
    application.save()
    give_notice(application.organisation, now)
    return application


@transaction.atomic
def confirm(pk: int, code: str) -> bool:
    """Return whether the code is right; a few wrong ones end the application."""
    row = Application.objects.select_for_update(of=("self",)).select_related("organisation")
    application = row.filter(pk=pk, state=State.UNCONFIRMED).first()
    if application is None or timezone.now() - application.made_at > CODE_LIFETIME:
        return False
    if application.code_tries >= MOST_TRIES:
        return False
    if not compare_digest(application.code_sha256, _digest(code)):
        application.code_tries += 1
        application.save(update_fields=["code_tries"])
        return False
    application.state, application.code_sha256 = State.WAITING, ""
    application.save(update_fields=["state", "code_sha256"])
    give_notice(application.organisation, timezone.now())
    return True


def give_notice(organisation: Organisation, now: datetime) -> None:
    """Notify the address of the nearest organisation that has one, at a limited rate for each address."""
    rows = RelativesSettings.objects.select_related("organisation").nearest_first(organisation)
    nearest = next((row for row in rows if row.notice_email), None)
    if nearest is None:
        return
    # Houses without an address of their own share the letters of the one above.
    organisation, address = nearest.organisation, nearest.notice_email
    slot = int(now.timestamp() // NOTICE_EACH.total_seconds())
    with translation.override(DESK_LANGUAGE):
        subject = _("Relatives apply: %(organisation)s") % {"organisation": organisation}
        lines = [
            _("Somebody has applied to call a resident of %(organisation)s.")
            % {"organisation": organisation},
            _("Approve or refuse at the care desk:"),
            absolute(reverse("family:applications")),
        ]
    text = "\n".join(lines) + "\n"
    key = f"application-notice/{organisation.pk}/{slot}"
    outbox.put(organisation, Letter(key, "application", address, subject, text, [Address("email", address)]))


def _send_code(application: Application) -> None:
    code = f"{secrets.randbelow(1_000_000):06}"
    application.code_sha256 = _digest(code)
    application.save(update_fields=["code_sha256"])
    addresses = [Address("phone", application.phone)] if application.phone else []
    addresses.append(Address("email", application.email))
    text = _("Your code for Kotiruutu: %(code)s") % {"code": code}
    key = f"application-code/{application.pk}"
    until = application.made_at + CODE_LIFETIME
    letter = Letter(key, "application", str(application), text, text + "\n", addresses)
    outbox.put(application.organisation, letter, until=until)


def _settings(organisation: Organisation) -> RelativesSettings:
    rows = RelativesSettings.objects.nearest_first(organisation)
    return rows[0] if rows else RelativesSettings(organisation=organisation)


def _digest(code: str) -> str:
    return sha256(code.strip().encode()).hexdigest()
