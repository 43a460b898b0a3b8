"""What made the core die is found at the next start, and only that."""

import os
import time
from pathlib import Path

import pytest

from device.contract.documents import Calendar, View
from device.trial import STUCK_AFTER_S, Trial

pytestmark = pytest.mark.requirement("K21")


def dies(folder: Path, *, stuck: bool, **documents: int) -> Trial:
    """A core that dies while these documents are on trial; the next one's trial."""
    trial = Trial(folder)
    trial.begin_start()
    if documents and not (trial.left and trial.left.documents):
        trial.passed()
        for name, version in documents.items():
            trial.begin_document(name, version)  # type: ignore[arg-type]
    trial.close()
    alive_until = time.time() + (STUCK_AFTER_S + 1 if stuck else 0)
    os.utime(folder / "trial", (alive_until, alive_until))
    return Trial(folder)


def test_a_document_is_guilty_when_the_core_has_stood_still_with_it_twice(tmp_path: Path) -> None:
    """Once may be chance; twice is not."""
    once = dies(tmp_path, stuck=True, calendar=7)
    assert once.left
    assert not once.left.is_guilty
    twice = dies(tmp_path, stuck=True, calendar=7)
    assert twice.left
    assert twice.left.is_guilty
    assert twice.left.documents == {"calendar": 7}


def test_a_core_that_is_killed_at_once_needs_a_third_time(tmp_path: Path) -> None:
    """A power cut that comes twice at a bad moment blames nothing."""
    guilty = []
    for _ in range(3):
        left = dies(tmp_path, stuck=False, calendar=7).left
        guilty.append(left is not None and left.is_guilty)
    assert guilty == [False, False, True]


def test_what_has_passed_is_not_held_against_anything(tmp_path: Path) -> None:
    """A core that went on and died later died of something else."""
    trial = Trial(tmp_path)
    trial.begin_start()
    trial.begin_document("view", 3)
    assert trial.passed() == ("view",)
    assert Trial(tmp_path).left is None


def test_a_command_is_on_trial_only_while_it_is_done(tmp_path: Path) -> None:
    """The documents that were on trial before are again afterwards."""
    trial = Trial(tmp_path)
    trial.begin_document("calendar", 2)
    with trial.of_command("c1"):
        left = Trial(tmp_path).left
        assert left
        assert left.command_id == "c1"
    left = Trial(tmp_path).left
    assert left
    assert left.documents == {"calendar": 2}


def test_a_command_is_guilty_only_when_the_core_dies_of_it_again(tmp_path: Path) -> None:
    """A power cut in the middle of "the nurse comes" must not lose it; a start in between clears nothing."""
    guilty = []
    for _ in range(2):
        trial = Trial(tmp_path)
        trial.begin_start()
        trial.passed()
        with trial.of_command("c1"):
            trial.close()
            alive_until = time.time() + STUCK_AFTER_S + 1
            os.utime(tmp_path / "trial", (alive_until, alive_until))
            left = Trial(tmp_path).left
            assert left
            guilty.append(left.is_guilty)
    assert guilty == [False, True]


def test_the_last_good_document_comes_back(tmp_path: Path) -> None:
    """As it was; where none has passed yet there is none."""
    trial = Trial(tmp_path)
    good = Calendar(version=4)
    trial.keep_good("calendar", good)
    assert trial.last_good("calendar") == good
    assert trial.last_good("view") is None
    trial.keep_good("view", View(version=1))
    (tmp_path / "good" / "view.json").write_bytes(b"{")
    assert trial.last_good("view") is None


def test_a_disk_that_refuses_leaves_nothing_on_trial(tmp_path: Path) -> None:
    """The device starts all the same."""
    (tmp_path / "file").write_text("")
    trial = Trial(tmp_path / "file")
    trial.begin_start()
    trial.keep_good("calendar", Calendar(version=1))
    assert trial.last_good("calendar") is None
