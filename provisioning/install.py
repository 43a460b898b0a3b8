"""Installs the services of ``systemd/`` on a tablet. A second run changes nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "systemd"
UNITS = (
    "kotiruutu.target",
    "kotiruutu-core.path",
    "kotiruutu-core.service",
    "kotiruutu-update.path",
    "kotiruutu-update.service",
    "kotiruutu-restart.path",
    "kotiruutu-restart.service",
    "kotiruutu-media.path",
    "kotiruutu-media.service",
    "kotiruutu-setup.path",
    "kotiruutu-setup.service",
    "kotiruutu-window.service",
)

# Not enabled at boot.
_STARTED_BY_OTHERS = ("kotiruutu-update.service", "kotiruutu-restart.service")

_PLACES = {
    "system": "etc/systemd/system",
    "system.conf.d": "etc/systemd/system.conf.d",
    "journald.conf.d": "etc/systemd/journald.conf.d",
    "logind.conf.d": "etc/systemd/logind.conf.d",
    "sysusers.d": "etc/sysusers.d",
    "tmpfiles.d": "etc/tmpfiles.d",
    "modules-load.d": "etc/modules-load.d",
    "apt.conf.d": "etc/apt/apt.conf.d",
    "rules.d": "etc/udev/rules.d",
    "polkit": "etc/polkit-1/rules.d",
    "etc": "etc/kotiruutu",
}
# The installer's changes to these are never overwritten.
_SETTINGS = "etc"

# Where this exists, systemd is the first process (sd_booted(3)).
_RUNNING = Path("run/systemd/system")
_ONLY_WHILE_RUNNING = (
    ("udevadm", "control", "--reload"),
    ("udevadm", "trigger"),
    ("systemctl", "daemon-reload"),
)


class InstallFailed(Exception):
    """The services could not be installed; the message says why."""


def copy_files(root: Path) -> list[Path]:
    """Copy what is missing or differs; return the files written. Raises ``InstallFailed``."""
    try:
        return [to for source, to, keep in _files(root) if _copy(source, to, keep=keep)]
    except OSError as error:
        raise InstallFailed(f"{error}; are you root?") from None


def make_known(root: Path) -> None:
    """Create user and folders, enable the services, and reload a running systemd.

    Raises ``InstallFailed``.
    """
    is_running = root == Path("/") and (root / _RUNNING).is_dir()
    commands = (
        ("systemd-sysusers", f"--root={root}"),
        ("systemd-tmpfiles", f"--root={root}", "--create", "kotiruutu.conf"),
        *(_ONLY_WHILE_RUNNING if is_running else ()),
        (
            "systemctl",
            f"--root={root}",
            "enable",
            *(unit for unit in UNITS if unit not in _STARTED_BY_OTHERS),
        ),
    )
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise InstallFailed(f"there is no {command[0]}: is this a system with systemd?") from None
        if done.returncode:
            raise InstallFailed(f"{' '.join(command)}: {done.stderr.strip()}")


def _files(root: Path) -> Iterator[tuple[Path, Path, bool]]:
    for name, place in _PLACES.items():
        folder = SOURCE / name
        for source in sorted(each for each in folder.rglob("*") if each.is_file()):
            yield source, root / place / source.relative_to(folder), name == _SETTINGS


def _copy(source: Path, to: Path, *, keep: bool) -> bool:
    if to.exists() and (keep or to.read_bytes() == source.read_bytes()):
        return False
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(source.read_bytes())
    to.chmod(0o644)
    return True
