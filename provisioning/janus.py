"""The café's SFU, Debian's Janus, with the settings of ``systemd/janus`` in a folder of its own."""

import os
import shutil
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[1] / "systemd" / "janus"
_INSTALLED_SOCKET = "/run/kotiruutu-cafe/janus"


def program() -> str | None:
    """Return the path of Janus; None where it is not installed, as on Debian 13, which has no package."""
    return shutil.which("janus")


def configured(folder: Path, socket: Path) -> list[str]:
    """Write the settings for an SFU that listens at ``socket``; return its command.

    Raises ``FileNotFoundError`` where there is no Janus.
    """
    janus = program()
    if janus is None:
        raise FileNotFoundError("janus")
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for source in SETTINGS.glob("*.jcfg"):
        text = source.read_text(encoding="utf-8").replace(_INSTALLED_SOCKET, os.fspath(socket.resolve()))
        (folder / source.name).write_text(text, encoding="utf-8")
    return [janus, "--configs-folder", str(folder), "--config", str(folder / "janus.jcfg")]
