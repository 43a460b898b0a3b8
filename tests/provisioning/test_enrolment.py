"""A tablet enrols with a real desk, as an installer does it."""

import json
from pathlib import Path

import pytest
from cryptography import x509
from django.core.cache import cache

from cloud.devices.claims import issue_claim
from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.people.models import Contact, Relation, Resident
from cloud.pki.authority import Authority
from cloud.screens.models import ResidentView
from device.contract.documents import DOCUMENTS
from device.enrolment import EnrolmentFailed, enrol
from device.settings import Settings
from provisioning.command import main
from tests.link.fixtures import DeskAddresses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.requirement("K7")
def test_a_tablet_becomes_the_residents(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """Its own key, a certificate of the desk's authority, and the resident's documents."""
    into = tmp_path / "tablet"
    link = enrol(
        desk_addresses.devices, desk_addresses.authority, issue_claim(resident.organisation, resident), into
    )
    device = Device.objects.get()
    assert (device.pk, device.resident) == (link.device, resident)
    assert set(device.documents.values_list("name", flat=True)) == set(DOCUMENTS)
    assert json.loads((into / "link.json").read_text())["desk_url"] == desk_addresses.devices
    assert sorted(file.name for file in into.iterdir()) == [
        "ca.pem",
        "certificate.pem",
        "key.pem",
        "link.json",
    ]
    assert (into / "key.pem").stat().st_mode & 0o777 == 0o600
    certificate = x509.load_pem_x509_certificate((into / "certificate.pem").read_bytes())
    assert certificate.subject.rfc4514_string() == f"CN={link.device}"


@pytest.mark.parametrize(("own", "spoken"), [("", "da"), ("sv", "sv")])
def test_the_first_words_are_in_the_language_of_the_claim(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path, own: str, spoken: str
) -> None:
    """That of the resident's view; without one, of the user who issued the claim."""
    nurse = User.objects.create(username="d", organisation=resident.organisation, language="da")
    if own:
        ResidentView.objects.update_or_create(resident=resident, defaults={"language": own})
    into = tmp_path / "tablet"
    claim = issue_claim(resident.organisation, resident if own else None, nurse)
    enrol(desk_addresses.devices, desk_addresses.authority, claim, into)
    assert json.loads((into / "link.json").read_text())["language"] == spoken
    assert Device.objects.get().documents.get(name="view").body["language"] == spoken
    settings = Settings(identity_dir=into, data_dir=into, screen_socket=into, media_socket=into)
    assert settings.identity().language == spoken


@pytest.mark.requirement("V16", "K7")
def test_a_new_tablet_takes_over_everything(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """Relations and view follow the person; the old tablet knows nobody any more."""
    contact = Contact.objects.create(organisation=resident.organisation, first_name="Matti", last_name="V")
    Relation.objects.create(resident=resident, contact=contact)
    tablets = [_enrol(desk_addresses, resident, tmp_path / name) for name in ("old", "new")]
    old, new = (Device.objects.get(pk=each) for each in tablets)
    assert (old.resident, new.resident) == (None, resident)
    assert (old.use, old.is_enrolled) == (Device.Use.IN_STOCK, False)
    assert old.documents.get(name="people").body["contacts"] == []
    assert len(new.documents.get(name="people").body["contacts"]) == 1


def test_the_same_tablet_enrols_again_as_itself(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """After a failure in between nobody has to throw its key away."""
    first = _enrol(desk_addresses, resident, tmp_path / "tablet")
    assert _enrol(desk_addresses, resident, tmp_path / "tablet") == first
    assert Device.objects.count() == 1


@pytest.mark.requirement("K7")
def test_a_claim_used_twice_is_refused(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """The second tablet stays outside, and says why; nothing about the first one changes."""
    claim = issue_claim(resident.organisation, resident)
    first = enrol(desk_addresses.devices, desk_addresses.authority, claim, tmp_path / "first").device
    with pytest.raises(EnrolmentFailed, match="the claim has been used already"):
        enrol(desk_addresses.devices, desk_addresses.authority, claim, tmp_path / "second")
    assert Device.objects.get().pk == first
    assert not (tmp_path / "second" / "link.json").exists()


def test_a_bad_request_does_not_use_up_the_claim(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """What the desk cannot sign leaves the claim as it was."""
    import ssl

    import httpx

    claim = issue_claim(resident.organisation, resident)
    trust = ssl.create_default_context(cafile=str(desk_addresses.authority))
    for body, status in (
        ({"claim": claim, "csr": "nonsense"}, 400),
        ({"claim": claim}, 400),
        ({"claim": claim, "csr": "x" * 20_000}, 413),
    ):
        answer = httpx.post(f"{desk_addresses.devices}/device/v1/enrol", json=body, verify=trust)
        assert answer.status_code == status
        assert answer.json()["error"]
    enrol(desk_addresses.devices, desk_addresses.authority, claim, tmp_path / "tablet")


def test_only_the_right_desk_is_spoken_to(
    desk_addresses: DeskAddresses, resident: Resident, tmp_path: Path
) -> None:
    """A desk with another authority's certificate gets neither claim nor request."""
    stranger = Authority(tmp_path / "elsewhere")
    stranger.make(["localhost"])
    claim = issue_claim(resident.organisation, resident)
    with pytest.raises(EnrolmentFailed, match="is not the desk that this certificate belongs to"):
        enrol(desk_addresses.devices, stranger.certificate_file, claim, tmp_path / "tablet")
    enrol(desk_addresses.devices, desk_addresses.authority, claim, tmp_path / "tablet")


def test_guessing_is_slowed_down(desk_addresses: DeskAddresses, tmp_path: Path) -> None:
    """From one address only so many attempts a minute."""
    cache.clear()
    reasons = []
    for _ in range(25):
        with pytest.raises(EnrolmentFailed) as failed:
            enrol(desk_addresses.devices, desk_addresses.authority, "A" * 8, tmp_path / "tablet")
        reasons.append(str(failed.value))
    assert "the claim is unknown" in reasons[0]
    assert "too many attempts" in reasons[-1]


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ("http://localhost:1", "must begin with https://"),
        ("https://localhost:1", "cannot be reached"),
        ("https://no-such-desk.invalid", "cannot be reached"),
    ],
)
def test_the_command_explains_itself(
    desk: str, words: str, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Plain words and status 1, no traceback."""
    ca = str(authority.certificate_file)
    assert main(["enrol", "--desk", desk, "--ca", ca, "--claim", "x", "--into", str(tmp_path / "t")]) == 1
    assert words in capsys.readouterr().err


def _enrol(addresses: DeskAddresses, resident: Resident, into: Path) -> str:
    claim = issue_claim(resident.organisation, resident)
    return enrol(addresses.devices, addresses.authority, claim, into).device
