"""Home Assistant on a real broker: only chosen devices, without names, and gone when not chosen any more."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion

from cloud.devices.models import Device, DeviceFault
from cloud.help.models import HelpRequest
from cloud.partner.home_assistant import Announcer
from cloud.partner.models import HomeAssistantDevice
from cloud.people.models import Resident
from tests.link.broker_process import answers, free_ports
from tests.link.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("K12")]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A broker such as Home Assistant has."""
    (port,) = free_ports(1)
    file = tmp_path / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program
    broker = subprocess.Popen([program, "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: answers(port), "the broker answers")
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        broker.terminate()
        broker.wait(10)


@pytest.fixture
def heard(address: str) -> Iterator[dict[str, str]]:
    """What Home Assistant knows, by topic."""
    found: dict[str, str] = {}
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: found.update(
        {message.topic: message.payload.decode()}
    )
    client.connect("127.0.0.1", int(address.rpartition(":")[2]))
    client.subscribe("#", qos=1)
    client.loop_start()
    yield found
    client.disconnect()
    client.loop_stop()


def make_device(resident: Resident, id_: str, resident_too: bool = True) -> Device:
    """A device that is online."""
    whose = resident if resident_too else None
    return Device.objects.create(id=id_, organisation=resident.organisation, resident=whose, online=True)


def test_a_chosen_device_is_discovered_and_followed(
    resident: Resident, address: str, heard: dict[str, str]
) -> None:
    """Help, battery and reach as they change; another device is never spoken of, and no name ever."""
    device = make_device(resident, "aaaaaaaaaaaaaaaa")
    make_device(resident, "bbbbbbbbbbbbbbbb", resident_too=False)
    row = HomeAssistantDevice.objects.create(device=device, is_shown=True)
    config, state = f"homeassistant/device/kotiruutu_{device.pk}/config", f"kotiruutu/{device.pk}/state"
    announcer = Announcer(address)

    def follows(**facts: str) -> None:
        def is_so() -> bool:
            announcer.turn()
            said = json.loads(heard.get(state) or "{}")
            return bool(facts.items() <= said.items())

        eventually(is_so, f"Home Assistant knows {facts}")

    try:
        follows(reachable="ON", battery="OFF", help="none")
        announced = json.loads(heard[config])
        assert set(announced["components"]) == {"reachable", "battery", "help"}
        request = HelpRequest.objects.create(
            help_id="one",
            organisation=device.organisation,
            device=device,
            resident=resident,
            raised_at=timezone.now(),
        )
        DeviceFault.objects.create(device=device, part="battery", since=timezone.now())
        Device.objects.filter(pk=device.pk).update(online=False)
        follows(reachable="OFF", battery="ON", help="waiting")
        HelpRequest.objects.filter(pk=request.pk).update(taken_at=timezone.now())
        follows(help="coming")
        HomeAssistantDevice.objects.filter(pk=row.pk).update(is_shown=False)
        announcer.turn()
        eventually(lambda: heard[config] == "" and heard[state] == "", "it is gone")
    finally:
        announcer.close()
    assert not any("bbbb" in topic for topic in heard)
    assert resident.first_name not in repr(heard)
