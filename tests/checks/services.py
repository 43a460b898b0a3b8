"""Whether systemd understands the services, and how much they may do: in a copy of a system."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from provisioning.install import SOURCE, UNITS, copy_files

# 2.0 on systemd's scale from 0 (may do nothing) to 10.
THRESHOLD = 20
_DESK = SOURCE / "desk"
_DESK_UNITS = tuple(sorted(each.name for each in (_DESK / "system").iterdir()))
_ALL = (*UNITS, *_DESK_UNITS)
_SYSTEMS_OWN = "usr/lib/systemd/system"
_EXECUTABLE = re.compile(r"^Exec(?:StartPre|Start|Reload)=(\S+)", re.MULTILINE)
_SCORE = re.compile(r"Overall exposure level for (\S+): ([\d.]+)")


def main() -> int:
    """The exit status: 1 where something is to be mended."""
    if shutil.which("systemd-analyze") is None:
        print("There is no systemd-analyze: install Debian's package systemd")
        return 1
    with TemporaryDirectory() as folder:
        root = Path(folder)
        prepare(root)
        complaints = verify(root) + users(root)
        for unit in _ALL:
            if unit.endswith(".service"):
                complaints += security(root, unit)
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


def prepare(root: Path) -> None:
    """A system with the services of tablet and desk, its own units, and empty programs in place of ours."""
    shutil.copytree(Path("/", _SYSTEMS_OWN), root / _SYSTEMS_OWN, symlinks=True)
    copy_files(root)
    shutil.copytree(_DESK / "system", root / "etc/systemd/system", dirs_exist_ok=True)
    shutil.copytree(_DESK / "sysusers.d", root / "etc/sysusers.d", dirs_exist_ok=True)
    for unit in _ALL:
        for path in _EXECUTABLE.findall(unit_file(root, unit).read_text()):
            program = root / path.lstrip("/")
            program.parent.mkdir(parents=True, exist_ok=True)
            program.touch(mode=0o755)


def unit_file(root: Path, unit: str) -> Path:
    """Where the unit is installed."""
    return root / "etc/systemd/system" / unit


def verify(root: Path) -> list[str]:
    """What systemd does not understand; it ends with 0 for some of it."""
    return _complaints("systemd-analyze", "verify", "--man=no", f"--root={root}", *_ALL)


def security(root: Path, unit: str) -> list[str]:
    """A sentence where the unit may do more than it should. Prints its score."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={THRESHOLD}"]
    done = subprocess.run([*command, str(unit_file(root, unit))], capture_output=True, text=True, check=False)
    score = _SCORE.search(done.stdout)
    if score is None:
        return [f"{unit} has no score: {done.stderr.strip()}"]
    print(f"{unit}: exposure {score[2]}")
    return [f"{unit}: {score[2]} is more than {THRESHOLD / 10}"] if done.returncode else []


def users(root: Path) -> list[str]:
    """What systemd-sysusers would not do."""
    done = subprocess.run(
        ["systemd-sysusers", f"--root={root}", "--dry-run"], capture_output=True, text=True, check=False
    )
    return done.stderr.strip().splitlines() if done.returncode else []


def _complaints(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().splitlines() or (
        [f"{command[1]} failed"] if done.returncode else []
    )


if __name__ == "__main__":
    sys.exit(main())
