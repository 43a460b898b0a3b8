"""What of a package can be said without building it."""

from pathlib import Path

import pytest

from provisioning.package.contents import PYTHONS, TABLET
from provisioning.package.machines import of_other_machines
from provisioning.package.tree import requirements_of

X86_64, AARCH64 = 62, 183


def elf(file: Path, machine: int) -> None:
    file.write_bytes(
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + machine.to_bytes(2, "little") + bytes(44)
    )


def test_a_compiled_file_of_another_machine_is_found(tmp_path: Path) -> None:
    """A package for a Pi that was built on a PC must not carry the PC's libraries."""
    elf(tmp_path / "right.so", AARCH64)
    elf(tmp_path / "wrong.so", X86_64)
    (tmp_path / "text.py").write_text("print('both')\n")
    (tmp_path / "link.so").symlink_to("wrong.so")
    assert [file.name for file in of_other_machines(tmp_path, "arm64")] == ["wrong.so"]
    assert [file.name for file in of_other_machines(tmp_path, "amd64")] == ["right.so"]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_of_a_pi_are_inside_where_there_is_a_wheel(python: str) -> None:
    """Debian has no package of lgpio; on later Pythons Raspberry Pi OS has."""
    found = [each for each in requirements_of(TABLET, python, "arm64") if each.startswith("lgpio")]
    assert bool(found) == (python == "3.11")
    assert not [each for each in requirements_of(TABLET, python, "amd64") if each.startswith("lgpio")]
