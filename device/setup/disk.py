"""The wizard's files: its progress, the new identity, and settings for other services."""

from pathlib import Path

import msgspec

from device.durable_files import replace_file, sync_folder
from device.rules.setup.state import Kept
from device.settings import Settings

# In this order: an identity with the last of them is complete.
IDENTITY_FILES = ("key.pem", "certificate.pem", "ca.pem", "link.json")


class SetupDisk:
    """Every write replaces a file atomically, against power cuts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = settings.data_dir / "setup.json"
        self.new_identity = settings.identity_dir.with_name("identity.new")

    def read(self) -> Kept:
        """Return the saved progress, or the initial one."""
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except (OSError, msgspec.MsgspecError):
            kept = Kept()
        is_enrolled = (self.new_identity / IDENTITY_FILES[-1]).exists()
        return msgspec.structs.replace(kept, is_enrolled=is_enrolled)

    def write(self, kept: Kept) -> None:
        """Save the progress. Raises ``OSError``."""
        _replace(self._file, msgspec.json.encode(kept))

    def set_width(self, width_mm: float) -> None:
        """Save the width for the window's next start: ``EnvironmentFile=`` of its unit."""
        _replace(self._settings.data_dir / "window.env", f"KOTIRUUTU_WIDTH_MM={width_mm}\n".encode())

    def learn_pendant(self, sender: str) -> None:
        """Save the pendant, the only one that the core accepts."""
        _replace(self._settings.learnt_pendants, msgspec.json.encode([sender]))

    def hand_identity_over(self) -> None:
        """Move the identity to its place; the core starts with the last file.

        Safe to repeat after a power cut.
        """
        to = self._settings.identity_dir
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in IDENTITY_FILES:
            if (self.new_identity / name).exists():
                (self.new_identity / name).replace(to / name)
                sync_folder(to)


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, content)
