"""The real core process of an enrolled tablet, at a real desk and a real broker."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.device.core_process import REPOSITORY
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Identity


class Core:
    """The core process of an enrolled tablet, and everything that lies on its disk."""

    def __init__(
        self, folder: Path, identity: Identity, addresses: DeskAddresses, broker: BrokerProcess
    ) -> None:
        self.folder = folder
        self.screen_socket = folder / "screen.sock"
        self.identity = folder / "identity"
        identity.directory.rename(self.identity)
        (self.identity / "ca.pem").write_bytes(identity.authority.read_bytes())
        link = {
            "device": identity.id,
            "desk_url": addresses.devices,
            "broker_host": "localhost",
            "broker_port": broker.place.device_port,
        }
        (self.identity / "link.json").write_text(json.dumps(link))
        photos = folder / "data/photos"
        photos.mkdir(parents=True)
        (photos / ("ab" * 32)).write_bytes(b"the face of Aino Virtanen")
        (folder / "cache").mkdir()
        (folder / "cache/shader").write_bytes(b"drawn for Aino")
        names = {"identity_dir": "identity", "data_dir": "data", "cache_dir": "cache", "clock": "trusted"}
        names |= {"software_dir": "software", "release_key": "release.pub"}
        names |= {f"{each}_socket": f"{each}.sock" for each in ("screen", "sim", "media")}
        settings = "".join(f'{key} = "{name}"\n' for key, name in names.items())
        (folder / "device.toml").write_text(f"{settings}release_spread_s = 1\n")

    @property
    def log(self) -> Path:
        """Return the file of what it says on standard error."""
        return self.folder.parent / f"{self.folder.name}.log"

    @contextmanager
    def running(self, *start: str) -> Iterator[subprocess.Popen[bytes]]:
        """Started, by another command if one is named; killed at the end."""
        command = [
            *(start or (sys.executable, "-m")),
            "device",
            "--settings",
            str(self.folder / "device.toml"),
        ]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=REPOSITORY, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def files_with(self, *words: bytes) -> list[str]:
        """Every file in which one of these stands."""
        files = [each for each in self.folder.rglob("*") if each.is_file()]
        return [str(each) for each in files if any(word in each.read_bytes() for word in words)]
