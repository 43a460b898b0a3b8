"""Which release runs, through power cuts at every step: always the old one or the new one, whole (K16)."""

import os
import signal
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from device.software.__main__ import guard, main
from device.software.slots import MOST_STARTS, Slots
from device.software.staging import LEFT_FREE_BYTES, Staging, StagingFailed, staged
from tests.software.releases import Workshop

pytestmark = pytest.mark.requirement("K16")

# More steps than a switch has.
MOST_STEPS = 40


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    """A tablet whose package is of version 1."""
    (tmp_path / "software").mkdir()
    return Slots(tmp_path / "software")


def stage(slots: Slots, workshop: Workshop, version: str, *, base: str = "0.0.1") -> list[str]:
    """The release in the spare slot; the chunks that had to be fetched."""
    file, manifest = workshop.release(version)
    with tarfile.open(file) as tar:
        content = _of(tar, "manifest.json")
        staging = Staging(slots, workshop.tree(base), manifest, content)
        missing = staging.missing
        for sha256 in missing:
            staging.put(sha256, _of(tar, f"chunks/{sha256}"))
    staging.assemble()
    return missing


def _of(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    assert member
    return member.read()


def test_only_what_differs_is_fetched(slots: Slots, workshop: Workshop) -> None:
    """The library of 3 MB is taken from what runs; the two files of our own are fetched."""
    assert len(stage(slots, workshop, "0.0.2")) == 2
    slot = slots.folder / "a"
    assert (slot / "lib/link.so").read_bytes() == (workshop.tree("0.0.1") / "lib/large.so").read_bytes()
    assert (slot / "device/__main__.py").read_text() == "print('0.0.2')\n"
    assert os.access(slot / "lib/large.so", os.X_OK)
    assert not os.access(slot / "device/__main__.py", os.X_OK)
    assert (slot / "lib/python").readlink() == Path("/usr/bin/python3")


def test_a_damaged_chunk_is_never_kept(slots: Slots, workshop: Workshop) -> None:
    """Cut off, changed, or another one: refused, and still missing."""
    file, manifest = workshop.release("0.0.2")
    with tarfile.open(file) as tar:
        staging = Staging(slots, workshop.tree("0.0.1"), manifest, _of(tar, "manifest.json"))
        first, second = staging.missing
        good = _of(tar, f"chunks/{first}")
        other = _of(tar, f"chunks/{second}")
    for bad in (good[:-1], b"", good[:-2] + b"xx", other):
        with pytest.raises(StagingFailed):
            staging.put(first, bad)
    assert staging.missing == [first, second]


def test_a_release_that_works_stays_and_the_next_one_takes_the_other_slot(
    slots: Slots, workshop: Workshop
) -> None:
    """Package → a → b → a."""
    for number, slot in ((2, "a"), (3, "b"), (4, "a")):
        stage(slots, workshop, f"0.0.{number}")
        waits = staged(slots)
        assert waits
        assert waits[0] == slot
        slots.begin_trial(slot, str(number), number)
        slots.count_start()
        slots.end_trial()
        assert (slots.current, slots.trial) == (slot, {})


def test_a_release_that_does_not_start_goes_by_itself(slots: Slots, workshop: Workshop) -> None:
    """After a few starts the one before runs again, and the reason waits for the desk."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    for _ in range(MOST_STARTS):
        assert main(["count", str(slots.folder)]) == 0
        assert slots.current == "a"
    main(["count", str(slots.folder)])
    assert slots.current == ""
    assert slots.returned == {"version": "2", "number": 2, "reason": "it does not start"}


@pytest.mark.parametrize(
    ("result", "stays"), [("timeout", False), ("watchdog", False), ("exit-code", True), ("success", True)]
)
def test_a_release_whose_core_hangs_once_is_rolled_back(
    slots: Slots, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, result: str, stays: bool
) -> None:
    """Help does not wait for two more starts of it; one that crashes or is restarted may start again."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    main(["count", str(slots.folder)])
    monkeypatch.setenv("SERVICE_RESULT", result)
    assert main(["stopped", str(slots.folder)]) == 0
    assert slots.current == ("a" if stays else "")
    assert slots.returned.get("reason") == (None if stays else "it does not respond")


def test_a_release_is_not_blamed_for_the_end_of_the_one_before_it(
    slots: Slots, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The core that began the trial may hang while it ends: the release has not started yet."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    monkeypatch.setenv("SERVICE_RESULT", "timeout")
    assert main(["stopped", str(slots.folder)]) == 0
    assert (slots.current, slots.returned) == ("a", {})


def test_a_release_that_hangs_is_taken_back_from_outside(slots: Slots, workshop: Workshop) -> None:
    """It neither ends its trial nor dies; the guard of the package does not wait for ever."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    assert guard(slots, 0.0) == 3
    assert slots.current == ""
    assert guard(slots, 60.0) == 0


def test_two_releases_are_room_enough_for_the_third(
    slots: Slots, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tablet with a small disk takes each of them: the oldest makes room first."""
    _file, manifest = workshop.release("0.0.2")
    release_bytes = sum(each.size for each in manifest.files)
    disk_bytes = 2 * release_bytes + LEFT_FREE_BYTES + release_bytes // 2

    def usage(folder: Path) -> SimpleNamespace:
        files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
        used_bytes = sum(file.stat().st_size for file in files)
        return SimpleNamespace(free=disk_bytes - used_bytes)

    monkeypatch.setattr("device.software.staging.shutil.disk_usage", usage)
    for number, slot in ((2, "a"), (3, "b"), (4, "a")):
        stage(slots, workshop, f"0.0.{number}")
        slots.begin_trial(slot, str(number), number)
        slots.end_trial()
    assert slots.current == "a"


def test_no_slot_is_written_while_a_release_is_on_trial(slots: Slots, workshop: Workshop) -> None:
    """One runs, and the other one is the way back."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    slots.end_trial()
    stage(slots, workshop, "0.0.3")
    slots.begin_trial("b", "3", 3)
    with pytest.raises(StagingFailed, match="no spare slot"):
        stage(slots, workshop, "0.0.4")


def _switch(slots: Slots) -> None:
    slots.begin_trial("b", "3", 3)


def _confirm(slots: Slots) -> None:
    slots.begin_trial("b", "3", 3)
    slots.count_start()
    slots.end_trial()


def _return(slots: Slots) -> None:
    slots.begin_trial("b", "3", 3)
    slots.go_back("the speaker was not heard")


@pytest.mark.parametrize("work", [_switch, _confirm, _return])
def test_a_power_cut_at_any_step_leaves_one_whole_release(
    work: Callable[[Slots], None], slots: Slots, workshop: Workshop
) -> None:
    """A process is killed (SIGKILL) before each call that changes the disk, one after the other."""
    stage(slots, workshop, "0.0.2")
    slots.begin_trial("a", "2", 2)
    slots.end_trial()
    steps = 0
    for steps in range(MOST_STEPS):
        stage(slots, workshop, "0.0.3")
        was_killed = _killed_at(steps, lambda: work(slots))
        again = Slots(slots.folder)
        again.count_start()
        assert again.current in ("a", "b")
        version = (slots.folder / again.current / "device/__init__.py").read_text()
        assert version == f'VERSION = "0.0.{ {"a": 2, "b": 3}[again.current] }"\n'
        # On trial or not, both know the way on: what is on trial is what runs.
        assert again.trial.get("slot", again.current) == again.current
        again.go_back("the next round")
        again.forget_return()
        if again.current == "b":
            again._point_to("a")
        if not was_killed:
            break
    assert 4 < steps < MOST_STEPS - 1


def _killed_at(step: int, work: Callable[[], None]) -> bool:
    child = os.fork()
    if child == 0:
        _die_before(step)
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _die_before(step: int) -> None:
    """Every call that changes the disk counts."""
    left = step

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def call_or_die(*arguments: object, **options: object) -> object:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return call(*arguments, **options)

        return call_or_die

    for name in ("open", "replace", "unlink", "symlink_to"):
        setattr(Path, name, counted(getattr(Path, name)))
    os.fsync = counted(os.fsync)  # type: ignore[assignment]
