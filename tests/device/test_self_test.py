"""What the self-test finds, on simulated hardware and real files."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from device import self_test
from device.contract.vital import Fault
from device.rules.events import Event, SelfTestFinished
from device.rules.sound import Hearing, volumes
from device.self_test import SelfTester, certificate_faults, storage_faults
from hal.absent import AbsentMicrophone
from hal.ports import Sound
from hal.simulated import SimulatedHardware

pytestmark = pytest.mark.requirement("K8")

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class Bed:
    """A device at night, with simulated hardware."""

    def __init__(self, folder: Path) -> None:
        self.hardware = SimulatedHardware.make()
        for sound, volume in volumes(Hearing(night=True)).items():
            self.hardware.speaker.set_volume(Sound(sound), volume)
        self.folder = folder
        self.certificate = folder / "certificate.pem"
        self.certificate.write_bytes(certificate(NOW + timedelta(days=300)))
        self.desk_is_ahead_s: float | None = 0.0

    async def desk_time(self) -> datetime:
        if self.desk_is_ahead_s is None:
            raise OSError("no desk")
        return NOW + timedelta(seconds=self.desk_is_ahead_s)

    def found(self) -> tuple[Fault, ...]:
        """Return the events of a whole test."""

        async def run() -> Event:
            reported: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
            tester = SelfTester(
                self.hardware,
                data_dir=self.folder,
                certificate=self.certificate,
                desk_time=self.desk_time,
                wall=lambda: NOW,
            )
            tester.start("id-1", reported.set_result)
            return await asyncio.wait_for(reported, 10)

        event = asyncio.run(run())
        assert isinstance(event, SelfTestFinished)
        assert event.id == "id-1"
        return event.found


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    return Bed(tmp_path)


def certificate(ends_at: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(ends_at - timedelta(days=365)).not_valid_after(ends_at)
    return built.sign(key, SHA256()).public_bytes(Encoding.PEM)


def test_a_device_that_is_well_passes(bed: Bed) -> None:
    """The tone has the table's volume, is detected, and ends."""
    assert bed.found() == ()
    assert ("loop", Sound.SELF_TEST) in bed.hardware.speaker.history
    assert bed.hardware.speaker.playing == frozenset()


def test_a_tone_that_is_not_heard_is_a_fault(bed: Bed) -> None:
    """After as many tries as a car that passes needs."""
    bed.hardware.microphone.muted = True
    assert bed.found() == (Fault(part="sound", reason="the tone was not heard"),)
    assert bed.hardware.speaker.history.count(("loop", Sound.SELF_TEST)) == self_test.TONES


def test_a_room_that_hums_like_the_tone_proves_nothing(bed: Bed) -> None:
    """Sound at the same pitch before the tone does not count."""
    bed.hardware.speaker.play(Sound.SELF_TEST)
    bed.hardware.speaker.stop = lambda sound=None: None  # type: ignore[method-assign]
    assert [fault.part for fault in bed.found()] == ["sound"]


def test_a_microphone_that_does_not_work_is_named(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the speaker, of which nothing is known then."""
    monkeypatch.setattr(self_test, "_BEGIN_S", 0.1)
    bed.hardware.microphone.unplug("the cat")
    assert bed.found() == (Fault(part="microphone", reason="the cat"),)


def test_a_device_without_a_microphone_plays_no_tone(bed: Bed) -> None:
    """What is not fitted is no fault."""
    object.__setattr__(bed.hardware, "microphone", AbsentMicrophone())
    object.__setattr__(bed.hardware, "fitted", bed.hardware.fitted - {"microphone"})
    assert bed.found() == ()
    assert ("loop", Sound.SELF_TEST) not in bed.hardware.speaker.history


@pytest.mark.parametrize(
    ("ahead_s", "parts"), [(None, []), (20.0, []), (95.0, ["clock"]), (-95.0, ["clock"])]
)
def test_the_clock_is_compared_with_the_desks(bed: Bed, ahead_s: float | None, parts: list[str]) -> None:
    """Half a minute is not seen on the screen; without a desk nothing is claimed."""
    bed.desk_is_ahead_s = ahead_s
    assert [fault.part for fault in bed.found()] == parts


def test_a_test_that_raises_is_a_fault(bed: Bed) -> None:
    """And is over: the next night comes."""
    bed.hardware.microphone.listen_for = None  # type: ignore[method-assign, assignment]
    assert [fault.part for fault in bed.found()] == ["self-test"]


@pytest.mark.parametrize(
    ("days", "reason"), [(300, None), (19.5, "it expires soon: in 19 days"), (-1, "it has expired")]
)
def test_a_certificate_is_reported_before_it_ends(tmp_path: Path, days: float, reason: str | None) -> None:
    """Weeks before, where it was not renewed by itself, so that somebody can come."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate(NOW + timedelta(days=days)))
    assert [fault.reason for fault in certificate_faults(file, NOW)] == ([reason] if reason else [])


def test_a_certificate_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """The certificate is missing, or invalid."""
    file = tmp_path / "certificate.pem"
    assert [fault.part for fault in certificate_faults(file, NOW)] == ["certificate"]
    file.write_bytes(b"not a certificate")
    assert [fault.part for fault in certificate_faults(file, NOW)] == ["certificate"]


def test_storage_that_is_full_or_gone_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was written for the test is gone."""
    assert list(storage_faults(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
    (gone,) = storage_faults(tmp_path / "gone")
    assert gone.reason.startswith("it cannot be written to")
    monkeypatch.setattr(self_test, "LEAST_FREE_BYTES", 10**18)
    (full,) = storage_faults(tmp_path)
    assert full.reason.startswith("it is nearly full")
