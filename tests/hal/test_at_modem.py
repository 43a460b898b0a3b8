"""Faults that only a serial line can cause to a modem's adapter."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from hal.at_modem import AtModem
from hal.ports import ModemEvent, Registration, Sim, SmsDelivered, SmsFailed, SmsReceived, SmsSent
from tests.hal.scripted_modem import ScriptedModem, deliver_pdus
from tests.hal.test_modem import ANNA, LONG, QUICK
from tests.link.waiting import eventually

Heard = queue.Queue[ModemEvent]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[ScriptedModem]:
    device = ScriptedModem(tmp_path)
    yield device
    device.unplug()


def start(device: ScriptedModem, pin: str = "") -> tuple[AtModem, Heard]:
    heard: Heard = queue.Queue()
    modem = AtModem(str(device.port), pin=pin, timing=QUICK)
    modem.watch(heard.put)
    return modem, heard


@pytest.fixture
def modem(device: ScriptedModem) -> Iterator[AtModem]:
    device.plug()
    modem, _ = start(device)
    eventually(lambda: modem.state().ready, "the modem is ready")
    yield modem
    modem.close()


@pytest.fixture
def heard(modem: AtModem) -> Heard:
    heard: Heard = queue.Queue()
    modem.watch(heard.put)
    return heard


@pytest.mark.requirement("K8")
def test_a_port_that_is_not_there_is_a_fault_and_no_crash(device: ScriptedModem) -> None:
    """The modem is used as soon as the port appears."""
    modem, heard = start(device)
    modem.send(ANNA, "Apua", "m1")
    assert isinstance(heard.get(timeout=2), SmsFailed)
    eventually(lambda: "No such file" in modem.health(), "its health names the missing port")
    device.plug()
    eventually(lambda: modem.state().ready, "the modem is ready")
    modem.close()


def test_noise_and_small_pieces_do_no_harm(device: ScriptedModem, modem: AtModem, heard: Heard) -> None:
    """Bytes arrive one by one, between bytes without meaning."""
    device.in_small_pieces = True
    device.noise = b"\x00\xff\xfe \r\r\n+CDS: 12\r\n^RSSI: 9\r\nRING\r\n"
    modem.send(ANNA, LONG, "m1")
    assert [heard.get(timeout=5), heard.get(timeout=5)] == [SmsSent("m1"), SmsDelivered("m1")]
    device.receive(ANNA, LONG)
    received = heard.get(timeout=5)
    assert isinstance(received, SmsReceived)
    assert received.text == LONG


def test_silence_after_the_message_is_no_success(device: ScriptedModem, modem: AtModem, heard: Heard) -> None:
    """The message may have been sent, but is not reported as sent.

    Afterwards the modem is initialised again.
    """
    device.silent_after_pdu = True
    modem.send(ANNA, "Apua", "m1")
    failed = heard.get(timeout=5)
    assert isinstance(failed, SmsFailed)
    assert "may have been sent" in failed.reason
    device.silent_after_pdu = False
    eventually(lambda: modem.state().ready, "the modem is ready again")
    modem.send(ANNA, "Apua", "m2")
    assert heard.get(timeout=5) == SmsSent("m2")


def test_pulled_out_in_the_middle_of_a_message(device: ScriptedModem, modem: AtModem, heard: Heard) -> None:
    """A modem unplugged while it sends reports the message as failed exactly once."""
    device.silent_after_pdu = True
    modem.send(ANNA, "Apua", "m1")
    eventually(lambda: any("CMGS" in line for line in device.commands), "the modem is being sent it")
    device.unplug()
    failed = heard.get(timeout=5)
    assert isinstance(failed, SmsFailed)
    assert failed.id == "m1"
    eventually(lambda: not modem.state().present, "the modem is missed")
    assert heard.empty()


def test_a_modem_that_never_answers_is_said_to_be_silent(device: ScriptedModem) -> None:
    """Its health reports it in plain words."""
    device.script["ATE0"] = None
    device.plug()
    modem, _ = start(device)
    eventually(lambda: "does not answer" in modem.health(), "its health says that it is silent")
    modem.close()


@pytest.mark.requirement("K8")
@pytest.mark.parametrize(
    ("answer", "sim"),
    [
        ("+CPIN: SIM PIN\r\n\r\nOK", Sim.LOCKED),
        ("+CME ERROR: 10", Sim.MISSING),
        ("+CME ERROR: 12", Sim.LOCKED),
    ],
)
def test_a_sim_that_is_not_ready_is_a_fault(device: ScriptedModem, answer: str, sim: Sim) -> None:
    """A SIM that is locked or missing is reported as a fault, and messages fail."""
    device.script["AT+CPIN?"] = answer
    device.plug()
    modem, heard = start(device)
    eventually(lambda: modem.state().sim is sim, "the SIM's state is known")
    assert "SIM" in modem.health()
    modem.send(ANNA, "Apua", "m1")
    assert isinstance(heard.get(timeout=2), SmsFailed)
    modem.close()


def test_a_wrong_pin_is_tried_once(device: ScriptedModem) -> None:
    """The third wrong PIN would lock the SIM."""
    device.script |= {"AT+CPIN?": "+CPIN: SIM PIN\r\n\r\nOK", 'AT+CPIN="0000"': "+CME ERROR: 16"}
    device.plug()
    modem, _ = start(device, pin="0000")
    eventually(lambda: device.commands.count("AT+CPIN?") > 3, "it was asked again and again")
    assert device.commands.count('AT+CPIN="0000"') == 1
    modem.close()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("AT+CPIN?", "+CPIN: SIM PUK\r\n\r\nOK"),
        ('AT+CPINR="SIM PIN"', "+CPINR: SIM PIN,2,3\r\n\r\nOK"),
    ],
)
def test_a_card_in_danger_is_left_alone(device: ScriptedModem, asked: str, answer: str) -> None:
    """Where the SIM wants its PUK, or already refused a PIN, as after a restart with a wrong one."""
    device.script |= {"AT+CPIN?": "+CPIN: SIM PIN\r\n\r\nOK", asked: answer}
    device.plug()
    modem, _ = start(device, pin="1234")
    eventually(lambda: device.commands.count("AT+CPIN?") > 3, "it was asked again and again")
    assert 'AT+CPIN="1234"' not in device.commands
    assert modem.health() == "the SIM is locked"
    modem.close()


def test_the_right_pin_opens_the_sim(device: ScriptedModem) -> None:
    """The PIN is sent once, at the start."""
    device.script["AT+CPIN?"] = "+CPIN: SIM PIN\r\n\r\nOK"
    device.plug()
    modem, _ = start(device, pin="1234")
    eventually(lambda: 'AT+CPIN="1234"' in device.commands, "the PIN was given")
    device.script.clear()
    eventually(lambda: modem.state().ready, "the modem is ready")
    modem.close()


@pytest.mark.requirement("K8")
def test_a_network_that_goes_is_a_fault_until_it_comes(device: ScriptedModem, modem: AtModem) -> None:
    """It is detected at the next poll."""
    device.script |= {"AT+CREG?": "+CREG: 0,2\r\n\r\nOK", "AT+CSQ": "+CSQ: 99,99\r\n\r\nOK"}
    eventually(lambda: modem.state().registration is Registration.SEARCHING, "it searches")
    assert modem.health() == "no mobile network: searching"
    assert modem.state().signal_dbm is None
    device.script.clear()
    eventually(lambda: modem.health() == "", "well again")


def test_a_modem_that_knows_only_4g_is_registered(device: ScriptedModem, modem: AtModem) -> None:
    """``+CEREG`` is used where ``+CREG`` is not supported."""
    device.script |= {"AT+CREG?": "ERROR", "AT+CEREG?": "+CEREG: 0,5\r\n\r\nOK"}
    eventually(lambda: modem.state().registration is Registration.ROAMING, "it is registered abroad")


def test_messages_kept_from_before_are_reported_and_deleted(device: ScriptedModem) -> None:
    """Messages that came in while the device was off are reported."""
    device.stored = {3: deliver_pdus(ANNA, "TULEN")[0]}
    heard: Heard = queue.Queue()
    modem = AtModem(str(device.port), timing=QUICK)
    modem.watch(heard.put)
    device.plug()
    received = heard.get(timeout=5)
    assert isinstance(received, SmsReceived)
    assert received.text == "TULEN"
    eventually(lambda: not device.stored, "the modem's memory is free")
    modem.close()


def test_a_message_whose_announcement_was_lost_is_found(
    device: ScriptedModem, modem: AtModem, heard: Heard
) -> None:
    """It is found at the next poll."""
    device.stored = {1: deliver_pdus(ANNA, "TULEN")[0]}
    received = heard.get(timeout=5)
    assert isinstance(received, SmsReceived)


@pytest.mark.requirement("K3")
def test_an_answer_is_read_from_the_memory_that_the_modem_names(
    device: ScriptedModem, modem: AtModem, heard: Heard
) -> None:
    """Some modems store messages in their own memory although they read the SIM's."""
    device.arrives_in = "ME"
    device.receive(ANNA, "TULEN 12")
    received = heard.get(timeout=5)
    assert isinstance(received, SmsReceived)
    assert received.text == "TULEN 12"
    eventually(lambda: not device.memories["ME"], "that memory is free")


@pytest.mark.requirement("K3")
def test_a_modem_that_names_no_memories_is_read_all_the_same(device: ScriptedModem) -> None:
    """Where ``AT+CPMS`` is not supported, the modem's default memory is read."""
    device.script |= {"AT+CPMS=?": "ERROR"}
    device.stored = {3: deliver_pdus(ANNA, "TULEN")[0]}
    heard: Heard = queue.Queue()
    modem = AtModem(str(device.port), timing=QUICK)
    modem.watch(heard.put)
    device.plug()
    assert isinstance(heard.get(timeout=5), SmsReceived)
    modem.close()


@pytest.mark.requirement("K3")
def test_the_first_part_stays_in_the_modem_until_the_rest_has_come(device: ScriptedModem) -> None:
    """A restart between the two segments loses nothing."""
    first, *others = deliver_pdus(ANNA, LONG)
    heard: Heard = queue.Queue()
    modem = AtModem(str(device.port), timing=QUICK)
    device.plug()
    device.keep_and_announce(first)
    eventually(lambda: device.commands.count("AT+CMGL=4") > 4, "it has looked, and looked again")
    modem.close()
    assert list(device.memories["SM"].values()) == [first]
    modem = AtModem(str(device.port), timing=QUICK)
    modem.watch(heard.put)
    for other in others:
        device.keep_and_announce(other)
    received = heard.get(timeout=10)
    assert isinstance(received, SmsReceived)
    assert received.text == LONG
    eventually(lambda: not device.memories["SM"], "the modem's memory is free")
    modem.close()


@pytest.mark.requirement("K3")
def test_a_message_that_the_phone_never_got_has_failed(
    device: ScriptedModem, modem: AtModem, heard: Heard
) -> None:
    """One event is reported for all segments."""
    device.report_status = 0x46
    modem.send(ANNA, LONG, "m1")
    assert heard.get(timeout=5) == SmsSent("m1")
    assert heard.get(timeout=5) == SmsFailed("m1", "not delivered: the validity period is over")
    device.report_status = 0x00
    modem.send(ANNA, "Apua", "m2")
    assert [heard.get(timeout=5), heard.get(timeout=5)] == [SmsSent("m2"), SmsDelivered("m2")]


def test_a_number_that_is_none_is_refused(modem: AtModem, heard: Heard) -> None:
    """Only digits are written to the line."""
    modem.send('+358";AT+CPIN', "Apua", "m1")
    failed = heard.get(timeout=2)
    assert isinstance(failed, SmsFailed)
    assert "phone number" in failed.reason


def test_references_of_the_network_begin_again(device: ScriptedModem, modem: AtModem, heard: Heard) -> None:
    """The network counts to 255; the hundredth message is still distinguished."""
    for count in range(20):
        modem.send(ANNA, "Apua", f"m{count}")
        assert heard.get(timeout=5) == SmsSent(f"m{count}")
        assert heard.get(timeout=5) == SmsDelivered(f"m{count}")


def test_a_message_that_nobody_can_read_does_not_stay_for_ever(
    device: ScriptedModem, modem: AtModem, heard: Heard
) -> None:
    """It is kept for some polls, for it may be a line error, then deleted. Other messages are reported."""
    device.stored = {1: "FFFF", 2: deliver_pdus(ANNA, "TULEN")[0]}
    assert isinstance(heard.get(timeout=5), SmsReceived)
    eventually(lambda: not device.stored, "the modem's memory is free")
    assert device.commands.count("AT+CMGD=1") == 1
