"""Checks that compiled files are for the package's machine (ELF, e_machine)."""

from collections.abc import Iterator
from pathlib import Path

from provisioning.package.contents import Arch

_MAGIC = b"\x7fELF"
_HEAD_BYTES = 20
_MACHINES: dict[Arch, int] = {"amd64": 62, "arm64": 183}


def of_other_machines(root: Path, arch: Arch) -> Iterator[Path]:
    """Yield compiled files that would not run there."""
    for file in sorted(root.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        if head.startswith(_MAGIC) and int.from_bytes(head[18:20], "little") != _MACHINES[arch]:
            yield file
