"""The channels between desk and device, and their topics ``care/v1/<partition>/<device>/…``."""

from typing import NamedTuple

from device.contract.commands import Answer, Command
from device.contract.documents import DOCUMENTS, Reported
from device.contract.events import Received, WireEvent
from device.contract.identity import partition
from device.contract.queue import InLine
from device.contract.vital import Heartbeat, Presence, RemoteViewFrame, RollCall

ROOT = "care/v1"
PARTITIONS = "abcdefghijklmnopqrstuvwxyz234567"


class Channel(NamedTuple):
    """One channel: the end of its topic, its message types, QoS and retention."""

    suffix: str
    type: str
    body: object
    qos: int
    what: str


DESIRED = {
    name: Channel(f"down/desired/{name}", name, body, 1, f"the whole {name} document")
    for name, body in DOCUMENTS.items()
}
COMMAND = Channel("down/command", "command", Command, 1, "do this now; always expires")
RECEIVED = Channel("down/received", "received", Received, 1, "events committed at the desk")
ROLL_CALL = Channel("down/roll-call", "roll-call", RollCall, 0, "say again that you are there")
REPORTED = {
    name: Channel(f"up/reported/{name}", "reported", Reported, 1, f"what became of the {name}")
    for name in DOCUMENTS
}
ANSWER = Channel("up/answer", "answer", Answer, 1, "a stage of a command")
EVENT = Channel("up/event", "event", WireEvent, 1, "what happened")
PRESENCE = Channel("up/presence", "presence", Presence, 1, "online or offline; also the will")
HEARTBEAT = Channel("up/heartbeat", "heartbeat", Heartbeat, 0, "health, once a minute")
IN_LINE = Channel("up/in-line", "in-line", InLine, 0, "the screen of an open visit is there")
REMOTE_VIEW = Channel("up/remote-view", "remote-view-frame", RemoteViewFrame, 0, "a picture of the screen")

DOWN: tuple[Channel, ...] = (*DESIRED.values(), COMMAND, RECEIVED, ROLL_CALL)
UP: tuple[Channel, ...] = (*REPORTED.values(), ANSWER, EVENT, PRESENCE, HEARTBEAT, IN_LINE, REMOTE_VIEW)
_BY_SUFFIX = {channel.suffix: channel for channel in (*DOWN, *UP)}


def topic(device: str, channel: Channel) -> str:
    """The full topic of a channel of one device."""
    return f"{ROOT}/{partition(device)}/{device}/{channel.suffix}"


def everything_down(device: str) -> str:
    """Return the one subscription of a device."""
    return f"{ROOT}/{partition(device)}/{device}/down/#"


def parse(full_topic: str) -> tuple[str, Channel] | None:
    """Return the device and the channel of a topic, or None where it is not one of ours."""
    parts = full_topic.split("/", 4)
    if len(parts) != 5 or "/".join(parts[:2]) != ROOT or not parts[3] or parts[2] != partition(parts[3]):
        return None
    channel = _BY_SUFFIX.get(parts[4])
    return (parts[3], channel) if channel else None
