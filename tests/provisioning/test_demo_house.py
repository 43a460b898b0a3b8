"""The demo's house: forty residents, their simulated devices, their past, and a nurse."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localdate

from cloud.base.reports import months_until, reports
from cloud.cafe.models import Seat
from cloud.calls.models import Call
from cloud.desk.demo import staff
from cloud.devices.models import DesiredDocument, Device
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.link.worker import Worker
from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from cloud.queue.models import Visit
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place
from tests.cloud.homes import make_help
from tests.link.broker_process import BrokerProcess
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("authority")]


def seed(**options: str) -> dict[str, Any]:
    """Return the command's output."""
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def live_in_house(into: Path, devices: int = 3) -> dict[str, list[str]]:
    """The house's devices, each with the contacts that its resident calls."""
    call_command("live_in_house", into=into, devices=devices, once=True)
    house: dict[str, list[str]] = json.loads((into / "done.json").read_text())
    return house


def test_the_house_has_forty_residents_however_often_one_asks(tmp_path: Path) -> None:
    """Devices with certificates that the authority has signed, views of their own, and months behind them."""
    home = Resident.objects.get(pk=seed()["resident"]).organisation
    house = live_in_house(tmp_path)
    counts = [model.objects.count() for model in (Resident, Device, HelpRequest, Call, Visit, Seat)]
    assert live_in_house(tmp_path) == house
    assert [model.objects.count() for model in (Resident, Device, HelpRequest, Call, Visit, Seat)] == counts
    assert counts[0] == 40
    assert len(house) == 3
    assert all(house.values())
    for device in Device.objects.filter(pk__in=house):
        pem = (tmp_path / device.pk / "certificate.pem").read_text()
        assert pem == device.certificate_pem
        assert (tmp_path / device.pk / "key.pem").stat().st_mode & 0o077 == 0
        assert device.documents.filter(name="view").exists()
    admin = User.objects.get(username="admin")
    for report in reports():
        rows = report.read(admin, home.path, months_until(localdate(), 3)).rows
        assert all(row[0] for row in rows[:2]), report.key


def test_the_houses_nurse_answers_what_nobody_else_does(tmp_path: Path) -> None:
    """Takes, arrives and closes, each after a while; the real screen's and a colleague's are not hers."""
    resident = Resident.objects.get(pk=seed()["resident"])
    house = live_in_house(tmp_path)
    nurse, anna = (User.objects.get(username=name) for name in ("hanna", "anna"))
    real = Device.objects.create(id="real", organisation=resident.organisation, resident=resident)
    ours, annas = (Device.objects.get(pk=pk) for pk in list(house)[:2])
    help_, other, untouched = (make_help(device, "now") for device in (ours, annas, real))
    board.take(other.pk, anna)
    steps = []
    for look in range(100):
        staff.work(nurse, house, timezone.now() + timedelta(seconds=5 * look))
        help_.refresh_from_db()
        steps.append((bool(help_.taken_at), bool(help_.arrived_at), bool(help_.closed_at)))
    assert list(dict.fromkeys(steps)) == [
        (False, False, False), (True, False, False), (True, True, False), (True, True, True)
    ]  # fmt: skip
    assert help_.closed_by == nurse
    for request in (other, untouched):
        request.refresh_from_db()
        assert request.closed_at is None
    assert (other.taken_by, untouched.taken_by) == (anna, None)


def test_simulated_devices_show_what_the_desk_sends(
    broker: BrokerProcess, worker: Worker, authority: Authority, tmp_path: Path
) -> None:
    """One process for all of them: each is online, has painted every document and tells its health."""
    seed()
    identities = tmp_path / "house"
    house = live_in_house(identities)
    port = str(broker.place.device_port)
    command = Place(tmp_path).python(
        "provisioning.demo.house", str(identities), str(authority.certificate_file), port
    )
    process = ManagedProcess("the house", command, log=tmp_path / "house.log", restarts=False)
    process.start()
    try:
        eventually(lambda: Device.objects.filter(online=True).count() == len(house), "all are online")
        rows = DesiredDocument.objects.filter(device__in=house)
        newer = rows.exclude(painted_version=F("version"))
        eventually(lambda: not newer.exists(), "every document is painted", 15)
    finally:
        process.stop()
