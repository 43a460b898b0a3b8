"""Publishes selected devices to Home Assistant: reachable, battery, help; without names (K12).

Discovery by device (MQTT, Home Assistant 2024.11 and later): one retained message announces all entities, an
empty one removes them.
"""

import json
import logging
import ssl
from threading import Event
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from django.conf import settings
from paho.mqtt.enums import CallbackAPIVersion

from cloud.base import due_work
from cloud.devices.models import Device, DeviceFault
from cloud.help.models import HelpRequest
from cloud.partner.models import HomeAssistantDevice

log = logging.getLogger(__name__)

POLL_S = 2.0
POWER = ("battery", "power", "mains")
PREFIX = "homeassistant"


def run(stopping: Event) -> None:
    """Publish changes; does nothing where no broker of Home Assistant is set."""
    if not settings.HOME_ASSISTANT:
        stopping.wait()
        return
    announcer = Announcer(settings.HOME_ASSISTANT)
    try:
        due_work.repeat(stopping, POLL_S, announcer.turn)
    finally:
        announcer.close()


class Announcer:
    """Remembers what was published; a new connection publishes everything again."""

    def __init__(self, address: str) -> None:
        self._said: dict[str, str] = {}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        url = urlsplit(address)
        if url.username:
            self._client.username_pw_set(unquote(url.username), unquote(url.password or ""))
        if url.scheme == "mqtts":
            self._client.tls_set(tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self._client.on_connect = lambda *_: self._said.clear()
        self._client.connect_async(url.hostname or "", url.port or (8883 if url.scheme == "mqtts" else 1883))
        self._client.loop_start()

    def turn(self) -> None:
        """Publish every shown device and its state, and remove those that are no longer shown."""
        if not self._client.is_connected():
            return
        chosen = HomeAssistantDevice.objects.filter(is_shown=True).select_related("device")
        devices = [row.device for row in chosen]
        for device in devices:
            self._say(f"{PREFIX}/device/kotiruutu_{device.pk}/config", announcement(device))
            self._say(f"kotiruutu/{device.pk}/state", state_of(device))
        for row in HomeAssistantDevice.objects.filter(is_shown=False):
            for topic in (
                f"{PREFIX}/device/kotiruutu_{row.device_id}/config",
                f"kotiruutu/{row.device_id}/state",
            ):
                self._say(topic, None)

    def close(self) -> None:
        """Close the connection; retained messages stay at the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _say(self, topic: str, message: dict[str, Any] | None) -> None:
        payload = json.dumps(message) if message else ""
        if self._said.get(topic) == payload:
            return
        sent = self._client.publish(topic, payload, qos=1, retain=True)
        if sent.rc == mqtt.MQTT_ERR_SUCCESS:
            self._said[topic] = payload


def announcement(device: Device) -> dict[str, Any]:
    """Return the discovery message of the device and its three entities."""
    unique = f"kotiruutu_{device.pk}"
    entities: dict[str, dict[str, Any]] = {
        "reachable": {"platform": "binary_sensor", "device_class": "connectivity"},
        "battery": {"platform": "binary_sensor", "device_class": "battery"},
        "help": {
            "platform": "sensor",
            "device_class": "enum",
            "options": ["none", "waiting", "coming", "there"],
        },
    }
    for name, entity in entities.items():
        entity |= {
            "unique_id": f"{unique}_{name}",
            "name": name.capitalize(),
            "value_template": f"{{{{ value_json.{name} }}}}",
        }
    return {
        "device": {
            "identifiers": [unique],
            "name": f"Kotiruutu {device.pk[:4]}",
            "manufacturer": "Kotiruutu",
        },
        "origin": {"name": "Kotiruutu"},
        "state_topic": f"kotiruutu/{device.pk}/state",
        "components": entities,
    }


def state_of(device: Device) -> dict[str, str]:
    """Return the states of device and help; a low battery is "ON" in Home Assistant."""
    faults = DeviceFault.objects.filter(device=device, part__in=POWER, ended_at=None)
    return {
        "reachable": "ON" if device.online else "OFF",
        "battery": "ON" if faults.exists() else "OFF",
        "help": _help(device),
    }


def _help(device: Device) -> str:
    rows = HelpRequest.objects.filter(device=device, kind=HelpRequest.Kind.HELP, closed_at=None)
    request = rows.first()
    if request is None:
        return "none"
    if request.arrived_at:
        return "there"
    return "coming" if request.taken_at else "waiting"
