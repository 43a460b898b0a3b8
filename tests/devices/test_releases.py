"""The desk holds releases, offers them ring by ring, and halts one that does harm (K16)."""

import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.devices.models import Device, DeviceFault
from cloud.organisations.models import Organisation
from cloud.organisations.roles import Role
from cloud.releases.judging import Counts, worse
from cloud.releases.models import DeviceRelease, Release
from cloud.releases.rings import extend, judge_all, offered
from cloud.releases.store import ReleaseRefused, add
from tests.cloud.homes import make_user
from tests.software.releases import ARCH, Workshop

pytestmark = [pytest.mark.requirement("K16")]


@pytest.fixture
def workshop(tmp_path: Path, settings: Any) -> Workshop:
    """Makes releases that this desk trusts."""
    settings.DATA = tmp_path / "desk"
    settings.RELEASE_KEY_FILE = tmp_path / "release.pub"
    made = Workshop(tmp_path)
    settings.RELEASE_KEY_FILE.write_bytes(made.public)
    return made


@pytest.fixture
def fleet(db: None) -> list[Device]:
    """Two devices in each ring, all well."""
    home = Organisation.objects.create(name="Koivula")
    return [
        Device.objects.create(
            id=f"{ring}{number}",
            organisation=home,
            certificate_pem="x",
            ring=ring,
            heard_at=timezone.now() + timedelta(seconds=1),
        )
        for ring in Device.Ring
        for number in range(2)
    ]


def test_only_whole_signed_and_newer_releases_are_taken_in(
    workshop: Workshop, tmp_path: Path, db: None
) -> None:
    """A stranger's, a cut-off, a changed and an older one are refused, and nothing is offered of them."""
    stranger = Workshop(tmp_path / "stranger")
    stranger.folder.mkdir()
    with pytest.raises(ReleaseRefused, match="not signed"):
        add(stranger.release("0.0.2")[0])
    file, _ = workshop.release("0.0.2")
    cut = tmp_path / "cut"
    for share in (0.1, 0.5, 0.9):
        cut.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
        with pytest.raises(ReleaseRefused):
            add(cut)
    with tarfile.open(file) as tar, tarfile.open(cut, "w") as other:
        for member in tar:
            if not member.name.startswith("chunks/"):
                other.addfile(member, tar.extractfile(member))
    with pytest.raises(ReleaseRefused, match="cut off"):
        add(cut)
    assert not Release.objects.exists()
    assert add(file).version == "0.0.2"
    with pytest.raises(ReleaseRefused, match="not newer"):
        add(workshop.release("0.0.1")[0])


def test_each_ring_gets_it_when_somebody_says_so(workshop: Workshop, fleet: list[Device]) -> None:
    """First one in a hundred, then one in ten, then all; and nobody what they have already."""
    release = add(workshop.release("0.0.2")[0])
    user = make_user(fleet[0].organisation)

    def who_gets_it() -> str:
        return "".join(device.ring for device in fleet if offered(device, ARCH, 1))

    assert who_gets_it() == ""
    for reach, rings in ((1, "11"), (2, "1122"), (3, "112233")):
        extend(release, reach, user)
        assert who_gets_it() == rings
    assert not offered(fleet[0], "riscv64", 1)
    assert not offered(fleet[0], ARCH, release.number)


def _returns(device: Device) -> None:
    DeviceRelease.objects.filter(device=device).update(stage=DeviceRelease.Stage.RETURNED)


def _breaks(device: Device) -> None:
    DeviceFault.objects.create(device=device, part="speaker", since=timezone.now())


def _falls_silent(device: Device) -> None:
    Release.objects.update(reach_at=timezone.now() - timedelta(hours=1))
    Device.objects.filter(pk=device.pk).update(heard_at=timezone.now() - timedelta(minutes=30))


@pytest.mark.parametrize("harm", [_returns, _breaks, _falls_silent])
def test_a_release_that_does_harm_halts_by_itself(
    harm: Callable[[Device], None], workshop: Workshop, fleet: list[Device]
) -> None:
    """Until somebody has looked at it and goes on; what is as well as the others goes on by itself."""
    release = add(workshop.release("0.0.2")[0])
    user = make_user(fleet[0].organisation)
    extend(release, 1, user)
    for device in fleet[:2]:
        DeviceRelease.objects.create(
            device=device, version="0.0.2", number=release.number, stage="installed", at=timezone.now()
        )
    judge_all()
    assert Release.objects.get().halted_at is None
    harm(fleet[0])
    judge_all()
    halted = Release.objects.get()
    assert halted.halted_at
    assert halted.get_halted_cause_display()
    assert offered(fleet[1], ARCH, 1) is None
    extend(release, 1, user)
    assert offered(fleet[1], ARCH, 1) == release


@given(devices=st.integers(1, 1000), share=st.floats(0, 1))
def test_a_fleet_that_was_as_bad_before_is_not_the_releases_fault(devices: int, share: float) -> None:
    """The same share of faults in both halves halts nothing; all of them broken always does."""
    bad = int(devices * share)
    counts = Counts(devices=devices, faulty=bad, silent=bad)
    assert worse(counts, counts, 0) is None
    all_bad = Counts(devices=devices, faulty=devices, silent=0)
    assert worse(all_bad, Counts(devices=devices), 0)


def test_the_page_shows_rings_and_why_it_was_halted(
    client: Client, workshop: Workshop, fleet: list[Device]
) -> None:
    """An administrator extends and halts it there."""
    add(workshop.release("0.0.2")[0])
    client.force_login(make_user(fleet[0].organisation, roles=[Role.ADMINISTRATOR]))
    change, release = reverse("releases:change"), Release.objects.get().pk
    client.post(change, {"release": release, "reach": "2"})
    assert Release.objects.get().reach == Release.Reach.SECOND
    client.post(change, {"release": release, "reach": "halt"})
    page = client.get(reverse("releases:show")).content.decode()
    assert "somebody halted it" in page
    assert "First ring (1 %)" in page
