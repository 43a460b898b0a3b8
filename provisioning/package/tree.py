"""The file tree of a package."""

import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from pip._vendor.packaging.markers import Marker

from provisioning import janus_packages
from provisioning.package.contents import PYTHONS, WHEEL_PLATFORMS, Arch, Contents
from provisioning.package.machines import of_other_machines

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path("opt/kotiruutu")
DOCUMENTS = ("LICENSE", "CHANGELOG.md", "docs/for-installers.md", "docs/for-engineers.md", "docs/hardware.md")
# From this size on, a file that is identical for both Pythons is stored once.
_SHARED_FROM_BYTES = 32_000
_ENVIRONMENT = ".venv"
_NOT_OURS = shutil.ignore_patterns("__pycache__", "*.po", "demo", "package")
_PROGRAM = """#!/bin/sh
cd /opt/kotiruutu && exec .venv/bin/python -m {module} "$@"
"""


class PackageFailed(Exception):
    """The package cannot be built; the message says why."""


def version() -> str:
    """Return the project's version, as the device reports it."""
    return str(runpy.run_path(str(REPOSITORY / "device/__init__.py"))["VERSION"])


def build_tree(contents: Contents, arch: Arch, root: Path) -> None:
    """Write all files below ``root``, which is created again. Raises ``PackageFailed``."""
    shutil.rmtree(root, ignore_errors=True)
    home = root / HOME
    for name in contents.folders:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, home / name, ignore=_NOT_OURS)
        else:
            _copy(REPOSITORY / name, home / name)
    # A nested folder needs the package around it.
    _copy(REPOSITORY / "device/__init__.py", home / "device/__init__.py")
    _copy_services(contents, root)
    for name in DOCUMENTS:
        _copy(REPOSITORY / name, home / name)
    _write(root / "usr/share/doc" / contents.name / "copyright", (REPOSITORY / "LICENSE").read_text())
    _make_environment(contents, arch, home / _ENVIRONMENT)
    if contents.has_janus:
        try:
            janus_packages.unpack(home / _ENVIRONMENT / "janus", arch)
        except janus_packages.NotUnpacked as error:
            raise PackageFailed(f"Janus for {arch}: {error}") from None
    for name, module in contents.commands.items():
        _write(root / "usr/bin" / name, _PROGRAM.format(module=module), mode=0o755)
    if strangers := list(of_other_machines(root, arch)):
        raise PackageFailed(f"{strangers[0]} and {len(strangers) - 1} others are not for {arch}")


def _copy_services(contents: Contents, root: Path) -> None:
    for name, place in {**contents.services, **contents.settings}.items():
        shutil.copytree(REPOSITORY / "systemd" / name, root / place, dirs_exist_ok=True)


def _make_environment(contents: Contents, arch: Arch, folder: Path) -> None:
    """Create an environment for the system's Python, whichever of ``PYTHONS`` that is."""
    # lgpio, for the pins of a Raspberry Pi, comes from its own system where this Python has no wheel of it.
    from_system = "true" if arch == "arm64" else "false"
    _write(folder / "pyvenv.cfg", f"home = /usr/bin\ninclude-system-site-packages = {from_system}\n")
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to("/usr/bin/python3")
    for python in PYTHONS:
        site = _site(folder, python)
        _install(requirements_of(contents, python, arch), site, python, arch)
        _exclude_what_does_not_run(site)
        _write(site / "kotiruutu.pth", f"{os.path.relpath(folder.parent, site)}\n")
    _share(_site(folder, PYTHONS[0]), _site(folder, PYTHONS[1]))


def _site(environment: Path, python: str) -> Path:
    return environment / f"lib/python{python}/site-packages"


def requirements_of(contents: Contents, python: str, arch: Arch) -> list[str]:
    """Return the requirements for the target's Python and machine: pip would evaluate its own."""
    project: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    machine = {"amd64": "x86_64", "arm64": "aarch64"}[arch]
    there = {"python_version": python, "python_full_version": f"{python}.0", "platform_machine": machine}
    found = []
    lines = [*project["dependencies"], *(line for extra in contents.extras for line in extras[extra])]
    for line in [*lines, *contents.wheels]:
        wanted, _, marker = line.partition(";")
        if not marker or Marker(marker).evaluate(there):
            found.append(wanted.strip())
    return found


def _install(requirements: list[str], site: Path, python: str, arch: Arch) -> None:
    """Install wheels only, so that any machine can build the package."""
    platforms = [part for name in WHEEL_PLATFORMS[arch] for part in ("--platform", name)]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
    ]
    command += [
        "--no-compile",
        "--only-binary",
        ":all:",
        "--implementation",
        "cp",
        "--python-version",
        python,
        *platforms,
    ]
    command += ["--constraint", str(REPOSITORY / "constraints.txt"), "--target", str(site), *requirements]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackageFailed(f"the Python packages for {python} on {arch}: {done.stderr.strip()[-2000:]}")


def _exclude_what_does_not_run(site: Path) -> None:
    """Delete examples, tests and programs of dependencies."""
    for name in ("share", "bin"):
        shutil.rmtree(site / name, ignore_errors=True)
    for folder in [each for each in site.glob("*/**/tests") if each.is_dir()]:
        shutil.rmtree(folder, ignore_errors=True)


def _share(first: Path, second: Path) -> None:
    """Replace large identical files in the second tree by links to the first."""
    for file in second.rglob("*"):
        twin = first / file.relative_to(second)
        if not file.is_file() or file.is_symlink() or not twin.is_file():
            continue
        if file.stat().st_size >= _SHARED_FROM_BYTES and file.read_bytes() == twin.read_bytes():
            file.unlink()
            # Relative, so that a release can be moved.
            file.symlink_to(os.path.relpath(twin, file.parent))


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, to)


def _write(path: Path, text: str, *, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
