"""Somebody who widens what may be done at a home, and would like nobody to know who it was."""

import pytest
from django.test import Client

from cloud.audit.models import Change
from cloud.people.models import CareSettings
from cloud.proposals.models import Proposal
from tests.cloud.homes import Home, confirm_as_another

pytestmark = [pytest.mark.requirement("K20"), pytest.mark.requirement("K5")]


def test_consent_and_forced_calls_keep_who_changed_what(desk: Client, home: Home) -> None:
    """Proposed, confirmed, taken back: all stand there, with who and from what to what, and stay."""
    page = f"/residents/{home.resident.pk}/care/"
    form = desk.get(page).context["form"]
    data = {name: form[name].value() for name in form.fields}
    before = {name: value for name, value in data.items() if value not in (None, False)}
    widened = before | {
        "forced_by_professionals": "on",
        "consent_by": "Aino",
        "consent_on": "2026-01-01",
    }
    assert desk.post(page, widened).status_code == 302
    confirm_as_another(home)
    assert desk.post(page, before).status_code == 302
    kept = Change.objects.filter(kind="people.caresettings", resident=home.resident).order_by("pk")
    assert [row.changes["forced_by_professionals"] for row in kept] == [[False, True], [True, False]]
    assert Proposal.objects.filter(proposed_by=home.user, state="confirmed").count() == 1
    assert [row.by == home.user for row in kept] == [False, True]
    assert not CareSettings.objects.get(resident=home.resident).forced_by_professionals
    newest = kept[0]
    for erase in (newest.delete, newest.save, kept.delete, lambda: kept.update(by=None)):
        with pytest.raises(TypeError, match="only added to"):
            erase()
