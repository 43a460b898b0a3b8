"""Text messages by a modem at the desk, on a serial port that a scripted modem serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.delivery.channel import NotSent, Outgoing, Report
from cloud.delivery.channels.modem.transport import ModemSession
from tests.hal.scripted_modem import ScriptedModem, read_submit
from tests.link.waiting import eventually


@pytest.fixture
def device(tmp_path: Path) -> Iterator[ScriptedModem]:
    """A modem on a port of this machine."""
    device = ScriptedModem(tmp_path)
    device.plug()
    yield device
    device.unplug()


def test_organisations_share_the_modem(device: ScriptedModem) -> None:
    """Both send with it and get reports; the port is closed when nobody uses it any more."""
    first, second = ModemSession(str(device.port)), ModemSession(str(device.port))
    eventually(lambda: first._shared.modem.state().ready, "the modem is ready")
    assert first.send(Outgoing("a", "+358401234567", "", "Hyvää huomenta")).parts == 1
    first.close()
    assert second.send(Outgoing("b", "+358401234568", "", "Ž" * 80)).parts == 2
    reports: list[Report] = []

    def are_both_there() -> bool:
        reports.extend(second.poll())
        return len(reports) == 2

    eventually(are_both_there, "both phones have theirs")
    assert {(each.id, each.state) for each in reports} == {("a", "delivered"), ("b", "delivered")}
    assert {read_submit(body)[0] for body in device.sent} == {"+358401234567", "+358401234568"}
    second.close()
    again = ModemSession(str(device.port))
    eventually(lambda: again._shared.modem.state().ready, "the port is free")
    again.close()


def test_without_a_network_nothing_is_called_sent(device: ScriptedModem) -> None:
    """A modem that is pulled out says so at once."""
    session = ModemSession(str(device.port))
    eventually(lambda: session._shared.modem.state().ready, "the modem is ready")
    device.unplug()
    with pytest.raises(NotSent):
        session.send(Outgoing("a", "+358401234567", "", "Hei"))
    session.close()
