"""One campaign: so many requests, shared out among the homes, and what became of them."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioning.demo.display import VirtualDisplay
from tests.campaign.board import Board, Waited, unheard
from tests.campaign.home import Home
from tests.campaign.nurse import Nurse
from tests.campaign.street import Street
from tests.campaign.weather import Weather

# What was sent last may still come twice.
AFTERMATH_S = 5.0
HOMES_WITH_A_WINDOW = 5


def run(
    folder: Path,
    requests: int,
    seed: int,
    homes: int,
    *,
    neighbours: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """``requests``, ``delivered``, ``twice``, ``falsely_confirmed``, ``unheard``, and the injected faults.

    Where there are many homes, one of them has a window.
    """
    began_s = time.monotonic()
    display = VirtualDisplay(folder.resolve() / "display", folder.resolve() / "log" / "display.log")
    with Street(folder.resolve(), homes, neighbours) as street, street.partner:
        nurses = [Nurse(street.desk.url, street.accounts[1]) for _ in range(homes)]
        board = Board(Nurse(street.desk.url, street.accounts[2]))
        street_homes = [Home(street, number, seed, nurse, board) for number, nurse in enumerate(nurses)]
        weather = Weather(street, board, seed)
        try:
            with ThreadPoolExecutor(homes) as each:
                list(each.map(lambda home: home.start(), street_homes))
                if homes >= HOMES_WITH_A_WINDOW:
                    display.start()
                    street_homes[0].open_window(display.name)
                board.start()
                weather.start()
                tickets = itertools.count(1)
                list(each.map(lambda home: _ask(home, tickets, requests, say), street_homes))
                weather.stop()  # and now all must come out
            time.sleep(AFTERMATH_S)
            rows = [home.rows_at_desk() for home in street_homes]
            no_board, unheard_of = unheard(board, _waits(street))
            falsely_at_centre = street.partner.falsely_confirmed()
        finally:
            weather.stop()
            board.stop()
            display.stop()
            for home, nurse in zip(street_homes, nurses, strict=True):
                home.stop()
                nurse.close()
    lies = [claim for home in street_homes for claim in home.lies]
    faults = sum((home.faults for home in street_homes), Counter(weather.faults))
    return {
        "requests": sum(home.requests for home in street_homes),
        "delivered": sum(home.requests - home.undelivered for home in street_homes),
        "twice": sum(max(0, count - home.requests) for count, home in zip(rows, street_homes, strict=True)),
        "falsely_confirmed": len(lies) + falsely_at_centre,
        "alarms": sum(home.alarms for home in street_homes),
        "acknowledged": sum(home.acknowledged for home in street_homes),
        "unended": sum(home.unended for home in street_homes),
        "without_a_board": no_board,
        "unheard": unheard_of,
        "seed": seed,
        "homes": homes,
        "neighbours": neighbours,
        "seconds": round(time.monotonic() - began_s),
        "text_messages": sum(home.text_messages[0] for home in street_homes),
        "answers_by_text": sum(home.text_messages[1] for home in street_homes),
        "faults": dict(sorted(faults.items())),
        "false_claims": [f"{claim.at.isoformat()} {claim.what} {claim.who}" for claim in lies],
    }


def _waits(street: Street) -> list[Waited]:
    steps = street.desk.rows(
        "help.HelpStep", "request", "at", kind__in=("notified", "partner"), order=["-at"]
    )
    first_step, ours = dict(steps), {tablet.device for tablet in street.tablets}
    rows = street.desk.rows(
        "help.HelpRequest", "pk", "device", "received_at", "taken_at", "closed_at", kind="help"
    )
    return [
        (
            datetime.fromisoformat(received),
            min((datetime.fromisoformat(at) for at in (taken, closed) if at), default=None),
            datetime.fromisoformat(first_step[pk]) if pk in first_step else None,
        )
        for pk, device, received, taken, closed in rows
        if device in ours
    ]


_lock = threading.Lock()


def _ask(home: Home, tickets: "itertools.count[int]", requests: int, say: Callable[[str], None]) -> None:
    """Until all have been handed out."""
    while True:
        with _lock:
            ticket = next(tickets)
        if ticket > requests:
            return
        home.ask()
        if ticket % 10 == 0:
            say(f"{ticket} of {requests}")
