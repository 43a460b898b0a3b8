"""``python3 provisioning/janus_packages.py FOLDER``: unpacks Debian 12's Janus, where there is no package.

Nothing is installed: apt downloads with a state of its own, from the archive that this system has its
packages from, and checks the archive's signature. Runs with the system's Python alone.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUITES = ("bookworm", "bookworm-updates")
# All else that Janus and its two plugins are linked with is in Debian 13 under the same soname.
PACKAGES = ("janus", "libconfig9")
_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_PATIENCE_S = 300


class NotUnpacked(Exception):
    """The packages cannot be had; the message says why."""


def unpack(folder: Path, arch: str = "") -> None:
    """Write the files of ``PACKAGES`` below ``folder``, which is created again.

    ``arch`` is a Debian architecture, the system's own where empty. Raises ``NotUnpacked``.
    """
    arch = arch or _run("dpkg", "--print-architecture").strip()
    with tempfile.TemporaryDirectory() as name:
        state = Path(name)
        apt = ["apt-get", "-qq", *_options(state, arch)]
        _run(*apt, "update", cwd=state)
        _run(*apt, "download", *(f"{package}:{arch}" for package in PACKAGES), cwd=state)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for package in sorted(state.glob("*.deb")):
            _run("dpkg-deb", "--extract", str(package), str(folder))


def _options(state: Path, arch: str) -> list[str]:
    sources = state / "sources.list"
    lines = [f"deb [signed-by={_KEYS}] {_archive()} {suite} main\n" for suite in SUITES]
    sources.write_text("".join(lines), encoding="utf-8")
    (state / "lists/partial").mkdir(parents=True)
    (state / "cache/archives/partial").mkdir(parents=True)
    (state / "status").touch()
    there = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": state / "lists",
        "Dir::State::Status": state / "status",
        "Dir::Cache": state / "cache",
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Update::Error-Mode": "any",
    }
    return [part for key, value in there.items() for part in ("-o", f"{key}={value}")]


def _archive() -> str:
    """Return the address from which this system has its own packages."""
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME")
    form = "$(SITE) $(RELEASE) $(COMPONENT)"
    for line in _run("apt-get", "indextargets", "--format", form, "Created-By: Packages").splitlines():
        site, *release = line.split()
        if release == [codename, "main"]:
            return site
    raise NotUnpacked("no source of this system's own packages is known")


def _run(*command: str, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotUnpacked(f"{command[0]}: {error}") from None
    if done.returncode:
        raise NotUnpacked(f"{command[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout


if __name__ == "__main__":
    try:
        unpack(Path(sys.argv[1]))
    except NotUnpacked as error:
        sys.exit(f"Janus cannot be unpacked: {error}")
