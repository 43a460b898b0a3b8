"""The café's SFU, Debian's Janus, with the settings of ``systemd/janus`` in a folder of its own.

``python -m provisioning.janus FOLDER`` becomes Janus, listening at ``FOLDER/janus``.
"""

import os
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SETTINGS = REPOSITORY / "systemd" / "janus"
# Where Debian 12's packages are unpacked on a system that has none.
UNPACKED = REPOSITORY / ".venv" / "janus"
_INSTALLED_SOCKET = "/run/kotiruutu-cafe/janus"


def program() -> Path | None:
    """Return the program: the installed package's, else the unpacked one; None where there is neither."""
    installed = shutil.which("janus")
    if installed:
        return Path(installed)
    unpacked = UNPACKED / "usr/bin/janus"
    return unpacked if unpacked.exists() else None


def configured(folder: Path, socket: Path, janus: Path | None = None) -> list[str]:
    """Write the settings for an SFU that listens at ``socket``; return its command.

    Raises ``FileNotFoundError`` where there is no Janus.
    """
    janus = janus or program()
    if janus is None:
        raise FileNotFoundError("janus")
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # An installed one knows its folders itself.
    parts = next(janus.parents[1].glob("lib/*/janus"), None) if janus.parents[1] != Path("/usr") else None
    for source in SETTINGS.glob("*.jcfg"):
        text = source.read_text(encoding="utf-8").replace(_INSTALLED_SOCKET, os.fspath(socket.resolve()))
        if parts and source.name == "janus.jcfg":
            folders = "".join(f'    {name}_folder = "{parts / name}"\n' for name in ("plugins", "transports"))
            text = text.replace("general: {\n", f"general: {{\n{folders}")
        (folder / source.name).write_text(text, encoding="utf-8")
    libraries = ["env", f"LD_LIBRARY_PATH={parts.parent}"] if parts else []
    return [
        *libraries,
        str(janus),
        "--configs-folder",
        str(folder),
        "--config",
        str(folder / "janus.jcfg"),
    ]


if __name__ == "__main__":
    run = Path(sys.argv[1])
    command = configured(run / "settings", run / "janus")
    os.execvp(command[0], command)  # noqa: S606
