"""``python -m tests.campaign [--requests N] [--neighbours N]``: writes ``build/campaign.json``."""

import argparse
import json
import shutil
import signal
import sys
from pathlib import Path

from tests.campaign.run import run

FILE = Path("build") / "campaign.json"


def main() -> int:
    """Return the exit status: 1 where a request or alarm was lost, doubled or unnoticed, or a screen lied."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--homes", type=int, default=16)
    parser.add_argument("--neighbours", type=int, default=0, help="simulated tablets that live beside them")
    given = parser.parse_args()
    # Ended by a signal, it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = FILE.parent / "campaign"
    shutil.rmtree(folder, ignore_errors=True)
    homes = min(given.homes, given.requests)
    result = run(folder, given.requests, given.seed, homes, neighbours=given.neighbours, say=_say)
    FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({name: result[name] for name in NAMES}) + "\n")
    wrong = sum(result[name] for name in ("twice", "falsely_confirmed", "unended", "unheard"))
    lost = result["delivered"] != result["requests"] or result["acknowledged"] != result["alarms"]
    return 1 if lost or wrong else 0


NAMES = (
    "requests",
    "delivered",
    "twice",
    "falsely_confirmed",
    "alarms",
    "acknowledged",
    "unended",
    "unheard",
    "seed",
)


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
