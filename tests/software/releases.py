"""Small releases to test with: a tree of files, signed."""

import platform
import random
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.contract.release import Manifest
from provisioning.release import write_release

ARCH = {"aarch64": "arm64"}.get(platform.machine(), "amd64")
# Nothing that could be packed, as libraries nearly are.
LIBRARY = random.Random(1).randbytes(3_000_000)


@dataclass
class Workshop:
    """Makes trees and releases of them, all signed with one key."""

    folder: Path

    def __post_init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()

    @property
    def public(self) -> bytes:
        """Return the public key, PEM."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def tree(self, version: str) -> Path:
        """A library of 3 MB that does not change, and code of our own that does."""
        tree = self.folder / f"tree-{version}"
        if tree.exists():
            return tree
        for path, content in {
            "device/__init__.py": f'VERSION = "{version}"\n'.encode(),
            "device/__main__.py": f"print('{version}')\n".encode(),
            "lib/large.so": LIBRARY,
            "lib/empty": b"",
        }.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        (tree / "lib/large.so").chmod(0o755)
        (tree / "lib/link.so").symlink_to("large.so")
        (tree / "lib/python").symlink_to("/usr/bin/python3")
        return tree

    def release(self, version: str) -> tuple[Path, Manifest]:
        """The file of a release."""
        into = self.folder / f"{version}.release"
        return into, self.write(self.tree(version), into)

    def write(self, tree: Path, into: Path) -> Manifest:
        """A release of this tree, for the machine that the tests run on."""
        return write_release(tree, into, self.key, ARCH)
