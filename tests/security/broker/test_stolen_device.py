"""What somebody tries with a stolen tablet at the broker: another door, and coming back."""

import io
import os
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import paho.mqtt.client as mqtt
import pytest
from django.core.management import CommandError, call_command
from paho.mqtt.enums import CallbackAPIVersion

from cloud.devices import revocation
from cloud.devices.management.commands import revoke
from cloud.notify.broker_settings import link_settings
from cloud.notify.cells import brokers
from cloud.notify.session import Session
from cloud.pki.authority import Authority, Probe
from tests.link.broker_process import BrokerProcess
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

pytestmark = [pytest.mark.requirement("V5"), pytest.mark.django_db(transaction=True)]


class Worker:
    """A link worker's connection, and whether it was ended."""

    def __init__(self) -> None:
        self.is_connected = False
        self.ended = ""

    def connected(self) -> None:
        self.is_connected = True

    def arrived(self, _message: object) -> None:
        """Do nothing: there is no subscription."""

    def sent(self, _mid: int, _refusal: str) -> None:
        """Do nothing: nothing is published."""

    def disconnected(self, reason: str) -> None:
        self.ended = reason


def test_a_device_cannot_end_a_workers_session_at_the_desks_port(
    broker: BrokerProcess, authority: Authority, enrolled_device: Identity
) -> None:
    """It comes under the worker's client id with its own good certificate, and is refused."""
    worker = Worker()
    session = Session(link_settings("link-one", brokers()[0]), worker)
    session.open()
    try:
        eventually(lambda: worker.is_connected, "the worker is connected")
        thief = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="link-one")
        thief.tls_set(
            ca_certs=str(authority.certificate_file),
            certfile=str(enrolled_device.certificate_file),
            keyfile=str(enrolled_device.key_file),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )
        try:
            thief.connect("localhost", broker.place.desk_port)
            while thief.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
                assert not thief.is_connected()
        except OSError:
            assert not thief.is_connected()
        eventually(lambda: "certificate verify failed" in broker.log.read_text(), "the broker says why")
        assert worker.ended == ""
    finally:
        session.close()


def test_a_part_of_the_desk_is_no_device(broker: BrokerProcess, authority: Authority) -> None:
    """The worker's certificate, if it were stolen, opens nothing at the devices' port."""
    certificate, key = authority.client_files("desk-link")
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.tls_set(ca_certs=str(authority.certificate_file), certfile=str(certificate), keyfile=str(key))
    try:
        client.connect("localhost", broker.place.device_port)
        while client.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
            assert not client.is_connected()
    except OSError:
        assert not client.is_connected()


def test_revoke_says_so_while_the_device_could_come_back(
    broker: BrokerProcess, tablet: Tablet, connect: Callable[..., Tablet]
) -> None:
    """Without the broker's new list it fails instead of saying "disconnected"; with it, that is proven."""
    with pytest.raises(CommandError, match="not refused yet"):
        call_command("revoke", tablet.id, stdout=io.StringIO())
    said = io.StringIO()
    call_command("revoke", tablet.id, broker_pid=broker.pid, stdout=said)
    assert "refuses it from now on" in said.getvalue()
    eventually(lambda: tablet.reason, "the tablet is out")


def test_a_device_that_returns_before_the_broker_reads_the_list_is_disconnected_too(
    broker: BrokerProcess, tablet: Tablet, connect: Callable[..., Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thief's tablet reconnects in the moment between; "it is disconnected" is true all the same."""
    returned: list[Tablet] = []

    def return_before_the_list_is_read(probe: Probe, authority: Authority) -> list[str]:
        eventually(lambda: tablet.reason, "the tablet is out")
        returned.append(connect(tablet.identity))
        os.kill(broker.pid, signal.SIGHUP)
        eventually(lambda: not revocation.still_lets_in(probe, authority), "the broker has read the list")
        return []

    monkeypatch.setattr(revoke, "still_lets_in", return_before_the_list_is_read)
    said = io.StringIO()
    call_command("revoke", tablet.id, stdout=said)
    assert "It is disconnected" in said.getvalue()
    eventually(lambda: returned[0].reason, "it is out for good")


def test_revoke_fails_while_something_else_answers_at_the_brokers_port(
    broker: BrokerProcess, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs up, or one that the desk does not trust, has not refused the device."""
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1]
        elsewhere = [replace(each, device_port=port) for each in brokers()]
        monkeypatch.setattr(revocation, "brokers", lambda: elsewhere)
        monkeypatch.setattr(revocation, "drop", lambda _device: True)

        def hang_up() -> None:
            other.accept()[0].close()

        hanging_up = Thread(target=hang_up)
        hanging_up.start()
        with pytest.raises(CommandError, match="not refused yet"):
            call_command("revoke", tablet.id, broker_pid=broker.pid, stdout=io.StringIO())
        hanging_up.join(10)


def test_a_revoked_device_leaves_nothing_at_the_broker(
    broker: BrokerProcess, authority: Authority, tablet: Tablet
) -> None:
    """No message is retained: a later subscription to everything gets nothing."""
    certificate, key = authority.client_files("desk-link")
    heard: list[str] = []
    listener = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="listener")
    listener.tls_set(ca_certs=str(authority.certificate_file), certfile=str(certificate), keyfile=str(key))
    call_command("revoke", tablet.id, broker_pid=broker.pid, stdout=io.StringIO())
    listener.on_message = lambda _client, _data, message: heard.append(message.topic)
    listener.on_subscribe = lambda *_: heard.append("subscribed")
    listener.on_connect = lambda client, *_: client.subscribe("care/v1/#", 1)
    listener.connect("localhost", broker.place.desk_port)
    listener.loop_start()
    try:
        eventually(lambda: "subscribed" in heard, "the desk's own listener has all that is retained")
        assert heard == ["subscribed"]
    finally:
        listener.disconnect()
        listener.loop_stop()
