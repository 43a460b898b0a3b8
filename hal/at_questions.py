"""Queries of a modem's state (3GPP TS 27.007)."""

import logging
import re

from hal.at_line import AtError, AtLine
from hal.ports import Registration, Sim

_log = logging.getLogger(__name__)

_SIMS = {"READY": Sim.READY, "SIM PIN": Sim.LOCKED, "SIM PUK": Sim.LOCKED, "NOT INSERTED": Sim.MISSING}
_ALL_TRIES = 3
# 7.2; 6 and 7 are "registered for SMS only".
_REGISTRATIONS = {
    0: Registration.NONE,
    1: Registration.HOME,
    2: Registration.SEARCHING,
    3: Registration.DENIED,
    5: Registration.ROAMING,
    6: Registration.HOME,
    7: Registration.ROAMING,
}


def sim(at: AtLine) -> Sim:
    """Query the SIM with ``AT+CPIN?`` (8.3)."""
    try:
        return _SIMS.get(_after("+CPIN:", at.command("AT+CPIN?")), Sim.UNKNOWN)
    except AtError as error:
        return Sim.LOCKED if "asks for" in str(error) else Sim.MISSING


def unlock(at: AtLine, pin: str) -> Sim:
    """Enter the PIN, unless it was already refused once or the SIM wants its PUK: the SIM would be locked."""
    if _after("+CPIN:", quietly(at, "AT+CPIN?")) != "SIM PIN":
        return Sim.LOCKED
    # 8.65: attempts left; a right PIN resets them to three. Not every modem supports the query.
    tries = re.match(r"SIM PIN, ?(\d)", _after("+CPINR:", quietly(at, 'AT+CPINR="SIM PIN"')))
    if tries and int(tries[1]) < _ALL_TRIES:
        _log.error("the SIM has refused a PIN before: it is not tried again")
        return Sim.LOCKED
    try:
        at.command(f'AT+CPIN="{pin}"')
    except AtError as error:
        _log.error("the SIM refused its PIN: %s", error)
        return Sim.LOCKED
    return Sim.READY


def registration(at: AtLine) -> Registration:
    """Query the registration as a phone (7.2), else as a 4G device (10.1.22): some support only one."""
    found = Registration.UNKNOWN
    for command in ("+CREG", "+CEREG"):
        answer = quietly(at, f"AT{command}?")
        if said := re.match(r"\d,(\d)", _after(f"{command}:", answer)):
            found = _REGISTRATIONS.get(int(said[1]), Registration.UNKNOWN)
        if found in (Registration.HOME, Registration.ROAMING):
            break
    return found


def signal_dbm(at: AtLine) -> int | None:
    """Query ``AT+CSQ`` (8.5): 0 to 31 in steps of 2 dB from -113 dBm; 99, not known, becomes None."""
    said = re.match(r"(\d+)", _after("+CSQ:", quietly(at, "AT+CSQ")))
    steps = int(said[1]) if said else 99
    return 2 * steps - 113 if steps <= 31 else None


def quietly(at: AtLine, command: str) -> list[str]:
    """Run a command; return an empty list where the modem does not support it. A timeout still raises."""
    try:
        return at.command(command)
    except AtError as error:
        _log.debug("%s: %s", command, error)
        return []


def _after(prefix: str, answer: list[str]) -> str:
    """Return what follows ``prefix`` in the first line that starts with it."""
    return next((line.removeprefix(prefix).strip() for line in answer if line.startswith(prefix)), "")


def memories(at: AtLine) -> list[str]:
    """Return the memories that messages can be read from (TS 27.005, 3.2.2): the SIM's, the modem's."""
    for line in quietly(at, "AT+CPMS=?"):
        if found := re.search(r"\(([^)]*)\)", line):
            named = re.findall(r'"(\w+)"', found[1])
            return [memory for memory in ("SM", "ME") if memory in named]
    return []
