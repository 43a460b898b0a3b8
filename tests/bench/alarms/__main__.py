"""``python -m tests.bench.alarms [--presses N] [--alarms N]``: writes ``build/bench/alarms.json``."""

import argparse
import json
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from tests.bench.alarms.storm import Storm
from tests.bench.alarms.trials import Trials
from tests.bench.screen.figures import percentile
from tests.campaign.nurse import Nurse
from tests.campaign.street import Street
from tests.partner.sip_peer import centre

BUILD = Path("build") / "bench"


def main() -> None:
    """The figures on standard output, and with every sample in ``alarms.json``."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.alarms", description=__doc__)
    parser.add_argument("--presses", type=int, default=20, help="while all is well")
    parser.add_argument("--alarms", type=int, default=1000, help="while parts are killed")
    parser.add_argument("--rate", type=float, default=1.7, help="alarms each second meanwhile")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    # Ended by a signal, it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = BUILD / "alarms"
    shutil.rmtree(folder, ignore_errors=True)
    with Street(folder.resolve(), 1) as street, centre("udp") as first, centre("tcp") as second:
        nurse = Nurse(street.desk.url, street.accounts[1])
        trials = Trials(street, nurse, first, second)
        try:
            for _ in range(given.presses):
                trials.press_to_acknowledged()
            for _ in range(5):
                trials.first_server_dead()
            trials.leave()
            storm = Storm(street, trials.alarms, (first, second), given.seed)
            after = storm.run(given.alarms, given.rate)
        finally:
            trials.alarms.stop()
            nurse.close()
    figures = {name: _seconds(found, most_s) for name, found, most_s in trials.figures()} | after
    whole = {"figures": figures, "samples": trials.samples, "kills": storm.kills, "seed": given.seed}
    (BUILD / "alarms.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _seconds(samples: list[float], most_s: float) -> dict[str, Any]:
    return {
        "ours": percentile(samples, 95),
        "theirs": None,
        "ratio": None,
        "unit": "s",
        "target": most_s,
    }


if __name__ == "__main__":
    main()
