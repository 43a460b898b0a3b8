"""``kotiruutu install`` into the root of a system that does not run, as an image is made."""

import os
from pathlib import Path

import pytest

from provisioning.command import main

pytestmark = [
    pytest.mark.requirement("V5"),
    pytest.mark.skipif(os.geteuid() != 0, reason="users of another root are made by root only"),
]


def test_a_root_without_a_running_system_is_made_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """User, folders and enabled services are there, and a second run finds all of it."""
    (tmp_path / "etc").mkdir()
    assert main(["install", "--root", str(tmp_path)]) == 0, capsys.readouterr().err
    assert "kotiruutu:" in (tmp_path / "etc/passwd").read_text()
    assert (tmp_path / "var/lib/kotiruutu/identity").stat().st_mode & 0o777 == 0o700
    wanted = tmp_path / "etc/systemd/system/multi-user.target.wants/kotiruutu.target"
    assert wanted.is_symlink()
    capsys.readouterr()
    assert main(["install", "--root", str(tmp_path)]) == 0
    assert "The services were in place already." in capsys.readouterr().out


def test_what_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file where a folder should be ends the command with words, not with a trace."""
    (tmp_path / "etc").write_text("")
    assert main(["install", "--root", str(tmp_path)]) == 1
    assert "Not installed:" in capsys.readouterr().err
