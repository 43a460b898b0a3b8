"""Broker, link workers and web process of one measurement, with so many tablets enrolled."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self

from provisioning import broker
from provisioning.demo.desk import Desk
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place
from provisioning.demo.ports import answers
from tests.postgresql import QUICK, Server, create_database, server


class FleetPlace(Place):
    """As the demo's, with another database where there is one."""

    database_url = ""

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every program is started with."""
        return super().environment | {"KOTIRUUTU_DESK_DATABASE": self.database_url}


class FleetDesk:
    """A context manager: everything runs inside, and has ended afterwards."""

    database: Server | None = None

    def __init__(
        self, folder: Path, tablets: int, *, postgresql: bool = False, settings: Sequence[str] = QUICK
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.place = FleetPlace(folder)
        self.identities = folder / "identities"
        self._tablets = tablets
        self._postgresql = postgresql
        self._settings = settings
        self._running = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    @property
    def broker_port(self) -> int:
        """Return the broker's port for tablets."""
        return self.place.ports.broker_devices

    def broker_answers(self) -> bool:
        """Return whether tablets could connect."""
        return answers(self.broker_port)

    def python(self, module: str, *arguments: str) -> ManagedProcess:
        """One of our programs, run once beside the others."""
        log = self.place.log(module.rpartition(".")[2])
        command = self.place.python(module, *arguments)
        return ManagedProcess(module, command, log=log, environment=self.place.environment, restarts=False)

    def _start(self) -> None:
        if self._postgresql:
            self.database = self._running.enter_context(server(self._settings))
            self.place.database_url = self.database.url
            create_database(self.database.url)
        self.desk = Desk(self.place)
        self.desk.prepare()
        self.desk.signer.start()
        self._running.callback(self.desk.signer.stop)
        self.desk.wait_for_signer()
        self._enrol()
        ports = self.place.ports
        place = broker.BrokerPlace(
            directory=self.place.folder / "broker",
            pki=self.place.desk / "pki",
            device_port=ports.broker_devices,
            desk_port=ports.broker_desk,
        )
        command = broker.command(broker.configure(place))
        environment = self.place.environment
        self.broker = ManagedProcess(
            "the broker", command, log=self.place.log("broker"), environment=environment
        )
        for part in (self.broker, self.desk.link, self.desk.pages):
            part.start()
            self._running.callback(part.stop)
        self.broker.wait_until(self.broker_answers)
        self.desk.pages.wait_until(lambda: answers(ports.pages))

    def _enrol(self) -> None:
        enrolling = self.python("tests.bench.fleet.enrol", str(self._tablets), str(self.identities))
        enrolling.start()
        self._running.callback(enrolling.stop)
        done = self.identities / "done.json"
        enrolling.wait_until(done.exists, timeout_s=60 + self._tablets / 10)

    def devices(self) -> list[str]:
        """The names of all tablets."""
        return list(json.loads((self.identities / "done.json").read_text()))
