"""Claims: one device each, for a quarter of an hour."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from cloud.devices.claims import claimed_for, issue_claim, use_claim
from cloud.devices.errors import BadRequest, ClaimRefused
from cloud.devices.models import Claim
from cloud.organisations.models import Organisation
from cloud.people.models import Resident
from device.contract.errors import Malformed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.mark.requirement("K7")
def test_a_claim_works_once(resident: Resident) -> None:
    """Written as people write it, too; the second time it is refused as used."""
    code = issue_claim(resident.organisation, resident)
    assert use_claim(f" {code.lower().replace('-', ' ')} ").resident == resident
    with pytest.raises(ClaimRefused, match="used already") as refused:
        use_claim(code)
    assert refused.value.status == 409


@pytest.mark.requirement("K7")
def test_a_claim_says_whose_it_is(resident: Resident) -> None:
    """As often as it is asked, until it is used or has expired; then it says nothing of anybody."""
    code = issue_claim(resident.organisation, resident)
    for _ in range(2):
        found = claimed_for(code.lower())
        assert (found.resident, found.organisation) == (str(resident), resident.organisation.name)
        assert not found.replaces
    assert claimed_for(issue_claim(resident.organisation)).resident == ""
    use_claim(code)
    with pytest.raises(ClaimRefused, match="used already"):
        claimed_for(code)


def test_only_its_digest_is_kept(resident: Resident) -> None:
    """Who reads the database cannot enrol a device, nor try all codes without the desk's secret."""
    code = issue_claim(resident.organisation, resident)
    letters = code.replace("-", "")
    assert len(letters) == 8
    with override_settings(SECRET_KEY="another"), pytest.raises(ClaimRefused, match="unknown"):
        use_claim(code)
    kept = str(Claim.objects.values().get())
    assert code not in kept
    assert letters not in kept


@pytest.mark.requirement("K7")
def test_a_claim_expires(resident: Resident) -> None:
    """After 15 minutes it gives nothing."""
    code = issue_claim(resident.organisation, resident)
    assert Claim.objects.get().expires_at - timezone.now() <= timedelta(minutes=15)
    Claim.objects.update(expires_at=timezone.now())
    with pytest.raises(ClaimRefused, match="expired") as refused:
        use_claim(code)
    assert refused.value.status == 410


def test_an_unknown_claim_is_refused(organisation: Organisation) -> None:
    """A code that looks like one is unknown; what does not look like one is malformed."""
    with pytest.raises(ClaimRefused, match="unknown") as refused:
        use_claim("A" * 8)
    assert refused.value.status == 403
    for text in ("", "A" * 7, "A" * 9, "0" * 8, "I" * 8, "Ä" * 8, "<script>"):
        with pytest.raises(Malformed):
            use_claim(text)


@pytest.mark.requirement("K7")
def test_of_many_at_once_one_succeeds(resident: Resident) -> None:
    """Two tablets that show the same code at the same moment: one is enrolled."""
    code = issue_claim(resident.organisation, resident)
    outcomes: list[str] = []
    together = threading.Barrier(8)

    def use() -> None:
        together.wait()
        try:
            use_claim(code)
            outcomes.append("used")
        except ClaimRefused as refused:
            outcomes.append(str(refused.status))
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["409"] * 7 + ["used"]


@pytest.mark.requirement("V27")
def test_a_claim_stays_within_the_organisation(resident: Resident) -> None:
    """Nobody enrols a device for a resident of others."""
    with pytest.raises(BadRequest, match="another organisation"):
        issue_claim(Organisation.objects.create(name="Elsewhere"), resident)


def test_the_command_prints_a_code(resident: Resident) -> None:
    """For a resident, or for stock; without either, or with a wrong one, it says so."""
    out = StringIO()
    call_command("issue_claim", resident=resident.pk, stdout=out)
    assert use_claim(out.getvalue()).resident == resident
    with pytest.raises(CommandError, match="say --resident"):
        call_command("issue_claim")
    with pytest.raises(CommandError, match="no resident 999"):
        call_command("issue_claim", resident=999)
