"""The matrix of permissions for forced calls (V12)."""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cloud.base.lists import containing, page_of, words_of
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.people import forced_calls as rights
from cloud.people.models import CareSettings, Contact, Relation, Resident
from cloud.people.signals import resident_changed

ROWS = 25
MOST_AT_ONCE = 200
BOXES = {"professionals": "forced_by_professionals", "relatives": "forced_by_relatives"}
RELATIVE = "callers"


class BulkForm(forms.Form):
    """One change for all residents that match the filter."""

    what = forms.ChoiceField(
        label=gettext_lazy("For all that are found"),
        choices=[
            ("professionals-off", gettext_lazy("no forced calls by professionals")),
            ("relatives-off", gettext_lazy("no forced calls by relatives")),
            ("callers-off", gettext_lazy("no relative with the right")),
            ("professionals-on", gettext_lazy("forced calls by professionals")),
            ("relatives-on", gettext_lazy("forced calls by relatives who have the right")),
            ("callers-on", gettext_lazy("the right for every relative")),
        ],
    )


def forced_calls(request: DeskRequest) -> HttpResponse:
    """Show each resident's settings and each relative's right; consent is given on the care page."""
    words = words_of(request)
    found = _residents(request.user, words)
    if request.method == "POST":
        bulk = BulkForm(request.POST)
        if "bulk" in request.POST and bulk.is_valid():
            _change_all(request, found, *bulk.cleaned_data["what"].split("-"))
        elif "bulk" not in request.POST:
            _change_shown(request, found)
        return redirect(request.get_full_path())
    page, asked = page_of(request, found, ROWS)
    context = {"section": "people", "page": page, "words": words, "asked": asked}
    return render(request, "people/forced_calls.html", {**context, "bulk": BulkForm()})


def _residents(user: User, words: str) -> QuerySet[Resident]:
    callers = Relation.objects.visible_to(user).filter(
        contact__role=Contact.Role.RELATIVE, contact__anonymised_at=None
    )
    rows = Resident.objects.visible_to(user).present().filter(care__isnull=False)
    rows = rows.filter(containing(words, "first_name", "last_name", "organisation__name"))
    shown = Prefetch("relations", callers.select_related("contact"), to_attr="callers")
    return rows.select_related("care", "organisation").prefetch_related(shown)


def _change_shown(request: DeskRequest, found: QuerySet[Resident]) -> None:
    """Save the checkboxes of one page; residents on other pages are not changed."""
    ticked = {name: set(request.POST.getlist(name)) for name in (*BOXES, RELATIVE)}
    shown = found.filter(pk__in=[pk for pk in request.POST.getlist("shown")[:ROWS] if pk.isdigit()])
    drawn = set(request.POST.getlist("caller-shown"))
    change = _Change(request.user)
    for resident in shown:
        for name, box in BOXES.items():
            change.box(resident, box, wanted=str(resident.pk) in ticked[name])
        for relation in _callers(resident):
            if str(relation.pk) in drawn:
                change.right(resident, relation, wanted=str(relation.pk) in ticked[RELATIVE])
    change.finish(request)


def _change_all(request: DeskRequest, found: QuerySet[Resident], what: str, way: str) -> None:
    if found.count() > MOST_AT_ONCE:
        words = _("At most %(most)d residents at once: search for some of them.")
        messages.error(request, words % {"most": MOST_AT_ONCE})
        return
    change = _Change(request.user)
    for resident in found:
        if what == RELATIVE:
            for relation in _callers(resident):
                change.right(resident, relation, wanted=way == "on")
        else:
            change.box(resident, BOXES[what], wanted=way == "on")
    change.finish(request)


def _callers(resident: Resident) -> Iterable[Relation]:
    callers: list[Relation] = resident.callers  # type: ignore[attr-defined]
    return callers


class _Change:
    """Collects what is revoked at once, and what is proposed."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._wishes: dict[Organisation, rights.Wish] = defaultdict(rights.Wish)
        self._taken: list[tuple[Resident, CareSettings | Relation, str]] = []
        self._without_consent = 0

    def box(self, resident: Resident, name: str, *, wanted: bool) -> None:
        """Change one of a resident's two settings."""
        care: CareSettings = resident.care
        if getattr(care, name) == wanted:
            return
        if not wanted:
            self._taken.append((resident, care, name))
        elif care.has_consent:
            wish = self._wishes[resident.organisation]
            wish.residents.setdefault(resident.pk, {}).update(rights.box(care, name))
        else:
            self._without_consent += 1

    def right(self, resident: Resident, relation: Relation, *, wanted: bool) -> None:
        """Change the right of one relative."""
        if relation.may_force_call and not wanted:
            self._taken.append((resident, relation, "may_force_call"))
        elif wanted and not relation.may_force_call:
            self._wishes[resident.organisation].relations.append(relation.pk)

    @transaction.atomic
    def finish(self, request: DeskRequest) -> None:
        """Save and propose, and report the result."""
        changed: dict[int, Resident] = {}
        for resident, row, name in self._taken:
            setattr(row, name, False)
            row.save(update_fields=[name])
            changed[resident.pk] = resident
        for resident in changed.values():
            resident_changed.send(Resident, resident=resident)
        rights.propose_many(self._wishes, self._user)
        self._say(request)

    def _say(self, request: DeskRequest) -> None:
        if self._without_consent:
            words = _("Left out, as there is no consent on file: %(number)d.")
            messages.error(request, words % {"number": self._without_consent})
        if any(wish.residents or wish.relations for wish in self._wishes.values()):
            messages.warning(request, _("What gives a right waits for a second person."))
        if self._taken:
            messages.success(request, _("Saved."))
