"""``python -m tests.bench.help [--presses N] [--rounds N] [--publish]``: writes ``build/bench/help.json``."""

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path

from cloud.link.fair_queue import HELP_PER_S
from tests.bench.help.figures import table, write
from tests.bench.help.rounds import Rounds
from tests.bench.screen.tables import put_into
from tests.campaign.nurse import Nurse
from tests.campaign.street import Street

BUILD, PAGE = Path("build") / "bench", Path("docs") / "bench-help.md"


def main() -> None:
    """A table on standard output, ``help.json``, and the page where it is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.help", description=__doc__)
    parser.add_argument("--presses", type=int, default=40, help="while all is well")
    parser.add_argument("--rounds", type=int, default=5, help="of each trouble")
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    # Ended by a signal, it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = BUILD / "help"
    shutil.rmtree(folder, ignore_errors=True)
    with Street(folder.resolve(), 1) as street:
        nurse = Nurse(street.desk.url, street.accounts[1])
        rounds = Rounds(street, nurse)
        # As often as the desk takes help from one device; more of it comes by the second way, seconds later.
        for _ in range(given.presses):
            rounds.felt_and_received()
            time.sleep(1 / HELP_PER_S)
        for number in range(given.rounds):
            sys.stderr.write(f"round {number + 1}\n")
            rounds.by_https()
            rounds.through_a_half_open_link()
            rounds.by_text_message("cut_off_to_sms_p95", rounds.dead, rounds.mend)
            rounds.by_text_message("silence_to_sms_p95", rounds.silent, rounds.mend)
        rounds.leave()
        nurse.close()
    found = write(BUILD / "help.json", rounds.samples)
    rows = table(found, rounds.samples)
    sys.stdout.write(f"{rows}\n")
    if given.publish:
        put_into(PAGE, {"figures": rows})


if __name__ == "__main__":
    main()
