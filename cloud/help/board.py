"""The help board: its requests, and their steps from unanswered to closed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.base.lists import containing
from cloud.devices import commands
from cloud.help.log import LONGEST_NAME, note
from cloud.help.models import HelpRequest, HelpStep
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import DoorLook
from device.contract.commands import UpdateHelp

ANSWER_LIFETIME = timedelta(hours=24)
SHOWN_AFTER_CLOSING = timedelta(hours=12)
# A request that waits for long escalates repeatedly: the newest steps are enough.
MOST_STEPS = 15


class TooLate(Exception):
    """Another user was faster, or the request is closed; the text is for the nurse."""


def open_requests(user: User) -> ScopedQuerySet[Any]:
    """Return open requests, the longest wait first, with ``newest_steps`` and ``is_exhausted``."""
    rows: ScopedQuerySet[Any] = HelpRequest.objects.visible_to(user).filter(closed_at=None)
    ladder_ended = HelpStep.objects.visible_to(user).filter(
        request=OuterRef("pk"), kind=HelpStep.Kind.PARTNER
    )
    rows = rows.annotate(is_exhausted=Exists(ladder_ended))
    return _with_people(rows, user).order_by("received_at", "pk")


def closed_requests(user: User) -> ScopedQuerySet[Any]:
    """Return recently closed requests, the newest first, with ``newest_steps``."""
    since = timezone.now() - SHOWN_AFTER_CLOSING
    rows = HelpRequest.objects.visible_to(user).filter(closed_at__gt=since)
    return _with_people(rows, user).order_by("-closed_at")


def every_request(user: User) -> ScopedQuerySet[Any]:
    """Return all requests, open and closed, that this user may see."""
    return _with_people(HelpRequest.objects.visible_to(user), user)


def named(words: str) -> Q:
    """Return the condition that every word is part of the resident's name."""
    return containing(words, "resident__first_name", "resident__last_name")


def archive(user: User, words: str) -> ScopedQuerySet[Any]:
    """Return closed requests, the newest first, of residents whose name contains all the words."""
    rows = HelpRequest.objects.visible_to(user).filter(named(words)).exclude(closed_at=None)
    return _with_people(rows, user).order_by("-received_at", "-pk")


def untaken(user: User) -> ScopedQuerySet[HelpRequest]:
    """Return the requests that wait for an answer."""
    return HelpRequest.objects.visible_to(user).filter(taken_at=None, closed_at=None)


def _with_people(rows: ScopedQuerySet[Any], user: User) -> ScopedQuerySet[Any]:
    newest = HelpStep.objects.visible_to(user).order_by("-at", "-pk")[:MOST_STEPS]
    return rows.select_related(
        "resident__view",
        "resident__organisation",
        "resident__home",
        "device",
        "organisation",
        "taken_by",
        "arrived_by",
        "closed_by",
    ).prefetch_related(Prefetch("steps", newest, to_attr="newest_steps"))


@transaction.atomic
def take(pk: int, user: User) -> None:
    """Assign the request to this nurse; of two who press at once, the second gets ``TooLate``."""
    request = _locked(pk, user)
    if request.taken_at:
        raise TooLate(_("%(nurse)s has already taken this.") % {"nurse": request.taker})
    _goes(request, user)


@transaction.atomic
def take_over(pk: int, user: User) -> None:
    """Reassign the request from another nurse to this one; the screen then names the new one."""
    request = _locked(pk, user)
    if not request.taken_at or request.arrived_at or request.taken_by == user:
        raise TooLate(_changed())
    _goes(request, user)


@transaction.atomic
def give_back(pk: int, user: User) -> None:
    """Return the request to the board: this nurse cannot come, and the escalation continues."""
    request = _locked(pk, user)
    if request.taken_by != user or request.arrived_at:
        raise TooLate(_changed())
    request.taken_by, request.taken_at = None, None
    request.save(update_fields=["taken_by", "taken_at"])
    _tell(request, HelpStep.Kind.GIVEN_BACK, "received", user)


@transaction.atomic
def show_door(request: HelpRequest, user: User) -> None:
    """Record that this nurse was shown how to get into the home, once for each request in its log."""
    if request.resident:
        DoorLook(resident=request.resident, by=user).save()
    note(request, HelpStep.Kind.DOOR, str(user), key=f"door/{user.pk}")


@transaction.atomic
def arrive(pk: int, user: User) -> None:
    """Record that the nurse is with the resident."""
    request = _locked(pk, user)
    if not request.taken_at or request.arrived_at:
        raise TooLate(_changed())
    request.arrived_by, request.arrived_at = user, timezone.now()
    request.save(update_fields=["arrived_by", "arrived_at"])
    _tell(request, HelpStep.Kind.ARRIVED, "arrived", user)


@transaction.atomic
def close(pk: int, user: User, outcome: HelpRequest.Outcome, outcome_words: str = "") -> None:
    """Close the request with its outcome."""
    request = _locked(pk, user)
    if not request.taken_at:
        raise TooLate(_("Somebody has to take this before it can be closed."))
    request.closed_by, request.closed_at = user, _not_before(request.received_at)
    request.outcome, request.outcome_words = outcome, outcome_words
    request.save(update_fields=["closed_by", "closed_at", "outcome", "outcome_words"])
    _tell(request, HelpStep.Kind.CLOSED, "closed", user)


@transaction.atomic
def reopen(pk: int, user: User) -> None:
    """Reopen a request that was closed too early or by mistake, assigned to this nurse."""
    rows = HelpRequest.objects.visible_to(user)
    request = rows.select_for_update(of=("self",)).get(pk=pk)
    if request.closed_at is None or request.closed_at < timezone.now() - SHOWN_AFTER_CLOSING:
        raise TooLate(_changed())
    if rows.filter(device=request.device, kind=request.kind, closed_at=None).exists():
        raise TooLate(_("This screen has asked again since: see its new request."))
    request.closed_by, request.closed_at = None, None
    request.outcome, request.outcome_words = "", ""
    request.arrived_by, request.arrived_at = None, None
    request.save(
        update_fields=["closed_by", "closed_at", "outcome", "outcome_words", "arrived_by", "arrived_at"]
    )
    _goes(request, user, HelpStep.Kind.REOPENED)


def _goes(request: HelpRequest, user: User, kind: HelpStep.Kind = HelpStep.Kind.TAKEN) -> None:
    request.taken_by, request.taken_name, request.taken_at = user, "", timezone.now()
    request.save(update_fields=["taken_by", "taken_name", "taken_at"])
    _tell(request, kind, "taken", user)


def _changed() -> str:
    return _("The board had already changed. Please look again.")


def _locked(pk: int, user: User) -> HelpRequest:
    """Lock the request. Raises ``HelpRequest.DoesNotExist`` for a user who may not see it."""
    request = HelpRequest.objects.visible_to(user).select_for_update(of=("self",)).get(pk=pk)
    if request.closed_at:
        raise closed_already(request)
    return request


def closed_already(request: HelpRequest) -> TooLate:
    """Return the error that names who was faster."""
    return TooLate(_("%(nurse)s has already closed this.") % {"nurse": request.closed_by or "?"})


def _not_before(received_at: datetime) -> datetime:
    # The desk's clock may have been set back in between.
    return max(received_at, timezone.now())


def _tell(request: HelpRequest, kind: HelpStep.Kind, stage: str, user: User) -> None:
    send_update(request, stage, _on_screen(user), user=user)
    note(request, kind, str(user), key=f"{kind}/{request.updates}")
    live_updates.changed(request.organisation, live_updates.HELP)


def repeat_news(request: HelpRequest, id_: str) -> None:
    """Send the device the request's state again, under another id."""
    if not request.taken_at:
        return
    stage = "arrived" if request.arrived_at else "taken"
    user = (request.arrived_by if request.arrived_at else None) or request.taken_by
    send_update(request, stage, _on_screen(user) if user else request.taken_name, to=[id_])


def _on_screen(user: User) -> str:
    """Return the nurse's name as the resident knows it."""
    return user.first_name or user.username


def send_update(
    request: HelpRequest, stage: str, by: str, *, user: User | None = None, to: Iterable[str] | None = None
) -> None:
    """Send the device the request's new state, under every id that the device uses for it."""
    if to is None:
        request.updates += 1
        request.save(update_fields=["updates"])
        to = [request.help_id, *request.merged.values_list("help_id", flat=True)]
    for id_ in to:
        body = UpdateHelp(
            help_id=id_,
            stage=stage,  # type: ignore[arg-type]
            by=by[:LONGEST_NAME],
            number=request.updates,
        )
        commands.issue(request.device, body, by=user, lifetime=ANSWER_LIFETIME)
