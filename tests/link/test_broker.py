"""What the broker lets through, on a real mosquitto with the project's own configuration."""

import contextlib
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from django.core.management import call_command
from paho.mqtt.enums import CallbackAPIVersion

from cloud.notify.session import Session
from cloud.pki.authority import Authority
from device.contract import topics
from device.contract.events import HelpRaised
from device.contract.topics import Channel
from provisioning.broker import TEMPLATES
from tests.link.broker_process import BrokerProcess
from tests.link.tablet import Identity, Tablet
from tests.link.waiting import eventually

REFUSED = "Not authorized"


@pytest.mark.requirement("V5")
def test_without_a_certificate_nobody_gets_in(broker: BrokerProcess, authority: Authority) -> None:
    """A client that only has the desk's authority is refused in the handshake, with the reason."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="anybody")
    client.tls_set(ca_certs=str(authority.certificate_file), tls_version=ssl.PROTOCOL_TLS_CLIENT)
    _is_shut_out(client, broker, "peer did not return a certificate")


@pytest.mark.requirement("V5")
def test_a_strangers_certificate_is_refused(
    broker: BrokerProcess, authority: Authority, tmp_path: Path
) -> None:
    """A certificate with the right name, signed by another authority, opens nothing; the reason is given."""
    stranger = Authority(tmp_path / "elsewhere")
    stranger.make(["localhost"])
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="stranger")
    certificate, key = stranger.client_files("desk-link")
    client.tls_set(
        ca_certs=str(authority.certificate_file),
        certfile=str(certificate),
        keyfile=str(key),
        tls_version=ssl.PROTOCOL_TLS_CLIENT,
    )
    _is_shut_out(client, broker, "certificate verify failed")


def test_old_tls_is_refused(broker: BrokerProcess) -> None:
    """TLS 1.1 does not get as far as a certificate."""
    address = f"localhost:{broker.place.device_port}"
    handshake = subprocess.run(
        ["openssl", "s_client", "-connect", address, "-tls1_1", "-cipher", "ALL@SECLEVEL=0"],
        input=b"",
        capture_output=True,
        check=False,
    )
    assert handshake.returncode != 0
    assert b"Cipher is (NONE)" in handshake.stdout


@pytest.mark.requirement("V5")
def test_a_device_hears_only_what_is_meant_for_it(
    connect: Callable[..., Tablet], tablet: Tablet, enrol_device: Callable[..., Identity], desk: Session
) -> None:
    """Whatever it subscribes to: of others' topics and of the desk's change notifications nothing reaches it.

    mosquitto grants such a subscription (its access list is not asked) and withholds the messages.
    """
    other = connect(enrol_device())
    for pattern in ("#", "$SYS/#", "desk/#", "care/v1/+/+/down/#", f"care/v1/+/{other.id}/#"):
        tablet.listen(pattern)
    other.appear()
    other.tell(HelpRaised(help_id="h1", source="screen"))
    for channel in (*topics.DESIRED.values(), topics.COMMAND):
        desk.publish(other.topic(channel), b"{}", qos=1)
    desk.publish(tablet.topic(topics.COMMAND), b"{}", qos=1)
    eventually(lambda: tablet.topic(topics.COMMAND) in tablet.topics_heard, "what is meant for it")
    assert all(topic.startswith(f"care/v1/{tablet.id[0]}/{tablet.id}/down/") for topic in tablet.topics_heard)


@pytest.mark.requirement("V5")
def test_a_device_speaks_only_for_itself(
    connect: Callable[..., Tablet], tablet: Tablet, enrol_device: Callable[..., Identity]
) -> None:
    """Another device's ``up``, anybody's ``down`` and the desk's notifications: each message is refused."""
    other = connect(enrol_device())
    for topic in (
        other.topic(topics.EVENT),
        other.topic(topics.COMMAND),
        tablet.topic(topics.COMMAND),
        "desk/wake/a",
        "anything",
    ):
        assert tablet.publish(topic, b"{}") == REFUSED, topic
    assert tablet.publish(tablet.topic(topics.EVENT), b"{}") == ""
    assert other.envelopes(topics.COMMAND) == []


@pytest.mark.requirement("V5")
def test_a_device_cannot_take_anothers_session(
    connect: Callable[..., Tablet], tablet: Tablet, enrol_device: Callable[..., Identity]
) -> None:
    """The client id follows from the certificate: who asks for another's gets their own."""
    connect(enrol_device(), client_id=tablet.id)
    assert tablet.publish(tablet.topic(topics.EVENT), b"{}") == ""
    assert tablet.client.is_connected()


@pytest.mark.requirement("V5")
def test_nobody_leaves_anything_behind_at_the_broker(
    broker: BrokerProcess, connect: Callable[..., Tablet], tablet: Tablet
) -> None:
    """A message that the broker should keep, on whatever topic, ends the connection and reaches nobody."""
    foreign = "a" if tablet.id[0] != "a" else "b"
    tablet.client.publish(f"care/v1/{foreign}/{tablet.id}/up/event", b"{}", qos=1, retain=True)
    eventually(lambda: "Retain not supported" in tablet.reason, "thrown out")
    again = connect(tablet.identity)
    assert again.publish(again.topic(topics.EVENT), b"{}") == ""


def test_a_message_is_at_most_a_megabyte(tablet: Tablet) -> None:
    """As the contract says; a larger one ends the connection before it is in anybody's memory."""
    tablet.client.publish(tablet.topic(topics.EVENT), b" " * 1_100_000, qos=1)
    eventually(lambda: tablet.reason, "thrown out")


@pytest.mark.django_db(transaction=True)
def test_a_revoked_device_is_dropped_and_stays_out(
    broker: BrokerProcess, tablet: Tablet, connect: Callable[..., Tablet]
) -> None:
    """A connected device goes at once, and its certificate opens nothing any more."""
    call_command("revoke", tablet.id, broker_pid=broker.pid)
    eventually(lambda: tablet.reason, "the connection has ended")
    again = Tablet(tablet.identity, broker.place.device_port)
    _is_shut_out(again.client, broker, "certificate verify failed")


def _is_shut_out(client: mqtt.Client, broker: BrokerProcess, why: str) -> None:
    """The client gets an error instead of a connection, and the broker's log says why."""
    before = broker.log.stat().st_size
    with contextlib.suppress(OSError):
        client.connect("localhost", broker.place.device_port)
        # With TLS 1.3 the refusal comes when the client first listens.
        while client.loop(0.1) == mqtt.MQTT_ERR_SUCCESS:
            assert not client.is_connected()
    eventually(lambda: why in broker.log.read_text()[before:], f"the broker says '{why}'")


@pytest.mark.parametrize("channel", topics.UP, ids=lambda channel: channel.suffix)
def test_devices_may_write_every_channel_of_the_contract(channel: Channel) -> None:
    """What the access list leaves out would be dropped by the broker, without a word to anybody."""
    lines = (TEMPLATES / "kotiruutu.acl").read_text().splitlines()
    assert f"pattern write care/v1/+/%u/{channel.suffix}" in lines
