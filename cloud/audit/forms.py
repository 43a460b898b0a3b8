"""The filter of the audit log."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cloud.audit.models import Change
from cloud.audit.reading import kinds, midnight
from cloud.base.forms import PlainForm, day_input, offer
from cloud.organisations.models import Organisation, User

MOST_WORDS = 6


class ChangesForm(PlainForm, forms.Form):
    """Filters by words, kind, organisation and days."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=150,
        help_text=_("A name, or what was changed."),
        widget=forms.TextInput({"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("What"), required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("organisation"), required=False
    )
    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())
    resident = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["kind"].choices = [("", str(_("everything"))), *kinds()]  # type: ignore[attr-defined]
        places = Organisation.objects.visible_to(user).order_by("path")
        offer(self.fields["organisation"], places, nobody=str(_("all")))

    def changes(self) -> QuerySet[Change]:
        """Return the matching entries of the reader's organisations; none where the form is invalid."""
        rows = Change.objects.visible_to(self._user).select_related(
            "by", "organisation", "resident", "contact"
        )
        if not self.is_bound:
            return rows
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["organisation"]:
            rows = rows.filter(organisation__path__startswith=asked["organisation"].path)
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["resident"]:
            rows = rows.filter(resident=asked["resident"])
        return _with(_between(rows, asked), asked["q"].replace("\0", ""))


def _between(rows: QuerySet[Change], asked: dict[str, Any]) -> QuerySet[Change]:
    if asked["since"]:
        rows = rows.filter(at__gte=midnight(asked["since"]))
    if asked["until"]:
        rows = rows.filter(at__lt=midnight(asked["until"] + timedelta(days=1)))
    return rows


def _with(rows: QuerySet[Change], words: str) -> QuerySet[Change]:
    if words:
        rows = rows.annotate(said=Cast("changes", TextField()))
    for word in words.split()[:MOST_WORDS]:
        found = Q(said__icontains=word) | Q(by__username__icontains=word)
        for person in ("by", "resident", "contact"):
            for name in ("first_name", "last_name"):
                found |= Q(**{f"{person}__{name}__icontains": word})
        rows = rows.filter(found)
    return rows
