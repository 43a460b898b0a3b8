"""``kotiruutu sim``: controls the simulated hardware of a running device."""

import argparse
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

SOCKET_SETTING = "KOTIRUUTU_SIM_SOCKET"
DEMO_SOCKET = Path("build/demo/run/sim.sock")
TIMEOUT_S = 5.0

# Verb: its help text, and its one argument with its description.
_VERBS: dict[str, tuple[str, str, str]] = {
    "press": ("press a button and let it go", "button", "for example: help"),
    "hold": ("press a button and go on pressing", "button", "for example: help"),
    "release": ("let a button go", "button", "for example: help"),
    "pendant": ("press a radio button", "sender", "eight hex digits"),
    "network": ("what becomes of text messages", "network", "delivers, takes, refuses or silent"),
    "sim": ("the modem's card", "card", "ready, locked, missing or unknown"),
    "registration": ("the modem's network", "state", "home, roaming, searching, denied, none or unknown"),
    "power": ("the mains plug", "mains", "lost or back"),
    "battery": ("how full the battery is", "share", "0 to 1"),
    "finish": ("let a sound come to its end", "sound", "speech, stream, ring …"),
    "mute": ("whether the microphone hears nothing", "muted", "yes or no"),
    "unplug": ("pull a part's plug", "part", "for example: modem"),
    "plug": ("put a part's plug back", "part", "for example: modem"),
    "history": ("what a part was asked to do, and what happened", "part", "for example: speaker"),
}
_WITH_REASON = ("finish", "unplug")


def add_commands(sim: argparse.ArgumentParser) -> None:
    """Add each command of docs/hardware.md to the parser."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--control", type=Path, default=_usual_socket(), help="Unix socket of the device")
    verbs = sim.add_subparsers(required=True, metavar="verb")
    for verb, (does, argument, what) in _VERBS.items():
        parser = verbs.add_parser(verb, help=does, parents=[common])
        parser.add_argument("what", metavar=argument, help=what)
        if verb in _WITH_REASON:
            parser.add_argument("--reason", help="why, in words")
        parser.set_defaults(run=_run, verb=verb)
    sms = verbs.add_parser("sms-in", help="a text message comes in", parents=[common])
    sms.add_argument("number", help="of the sender, +358…")
    sms.add_argument("text")
    sms.set_defaults(run=_run, verb="sms_in")
    health = verbs.add_parser("health", help="what each part says of itself", parents=[common])
    health.set_defaults(run=_run, verb="health")


def _usual_socket() -> Path | None:
    """Return the socket in the environment, else that of a demo running in this folder."""
    if named := os.environ.get(SOCKET_SETTING):
        return Path(named)
    return DEMO_SOCKET if DEMO_SOCKET.exists() else None


def _run(options: argparse.Namespace) -> int:
    """Print the device's answer; return 0 where it succeeded."""
    if options.control is None:
        return _fail(f"Say --control, or set {SOCKET_SETTING}, to the socket of the simulated hardware.")
    try:
        answer = json.loads(_ask(options.control, _line(options)))
    except OSError as error:
        return _fail(f"The simulated hardware at {options.control} does not answer: {error}.")
    except ValueError as error:
        return _fail(f"Not understood: {error}.")
    if not answer.get("ok"):
        return _fail(f"Not done: {answer.get('error', 'the device gave no reason')}.")
    for line in _lines(answer):
        print(line)
    return 0


def _line(options: argparse.Namespace) -> dict[str, Any]:
    """Build the command from the options. Raises ``ValueError``."""
    match options.verb:
        case "sms_in":
            return {"sms_in": {"number": options.number, "text": options.text}}
        case "health":
            return {"health": True}
        case "battery":
            return {"battery": float(options.what)}
        case "mute":
            if options.what not in ("yes", "no"):
                raise ValueError("mute is yes or no")
            return {"mute": options.what == "yes"}
    reason = getattr(options, "reason", None)
    return {options.verb: options.what, **({"reason": reason} if reason else {})}


def _lines(answer: dict[str, Any]) -> list[str]:
    """Format the answer: a history and a health as lists, anything else as one line."""
    if "history" in answer:
        return [
            " ".join(map(str, entry)) if isinstance(entry, list) else entry for entry in answer["history"]
        ]
    if "health" in answer:
        return [f"{part}: {reason or 'works'}" for part, reason in answer["health"].items()]
    return [" ".join(f"{did}: {what}" for did, what in answer.items() if did != "ok")]


def _ask(path: Path, line: dict[str, Any]) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT_S)
        connection.connect(str(path))
        connection.sendall(json.dumps(line).encode() + b"\n")
        with connection.makefile() as stream:
            return stream.readline()


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
