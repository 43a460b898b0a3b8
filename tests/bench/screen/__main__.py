"""Measures, alternating: ``python -m tests.bench.screen [--rounds N] [--idle-s S]``."""

import shutil
import signal
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from tests.bench.screen import meters, trials
from tests.bench.screen.figures import Samples, write
from tests.bench.screen.finger import Finger
from tests.bench.screen.growth import grow
from tests.bench.screen.load import Answered, load_table, taps_under_load
from tests.bench.screen.ours import Ours
from tests.bench.screen.show import Show
from tests.bench.screen.stage import Stage
from tests.bench.screen.tables import growth_table, put_into, table
from tests.bench.screen.theirs import Theirs

BUILD, DOCS = Path("build") / "bench", Path("docs")


def main() -> None:
    """A table on standard output, ``screen.json``, and the plot where it is asked for."""
    parser = ArgumentParser(prog="python -m tests.bench.screen", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of pushes and taps, each on a new start")
    parser.add_argument("--starts", type=int, default=5, help="more starts, before the rounds")
    parser.add_argument("--pushes", type=int, default=60, help="in a round")
    parser.add_argument("--taps", type=int, default=15, help="in a round")
    parser.add_argument("--idle-s", type=float, default=60.0, help="how long nothing happens; 0 to leave out")
    parser.add_argument("--no-growth", action="store_true", help="leave out what more of everything does")
    parser.add_argument("--only-load", action="store_true", help="only taps while every core is busy")
    parser.add_argument(
        "--publish", action="store_true", help="bring the page and the plot in docs/ up to date"
    )
    given = parser.parse_args()
    # Ended by a signal, it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = BUILD / "screen"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    samples, growth = Samples(), dict[str, Any]()
    with Stage(folder) as stage:
        finger = Finger(stage.display.name)
        shows = _prepared(stage, finger)
        if not given.only_load:
            _starts_and_rounds(shows, given, samples)
        answered = _load(stage, shows[0], given.taps)
        if not given.only_load:
            # Last: photos of people who were taken off the list are not kept.
            _idle_and_growth(shows, given, samples, growth)
        finger.close()
    figures = write(BUILD / "screen.json", samples, growth | {"load": [each._asdict() for each in answered]})
    sys.stdout.write(f"{table(figures)}\n{growth_table(growth)}\n{load_table(answered)}\n")
    if given.publish:
        put_into(DOCS / "bench-screen.md", {"load": load_table(answered)})
    if given.publish and not given.only_load:
        from tests.bench.screen.plot import plot

        plot(DOCS / "pictures" / "bench-screen.png", figures, samples)
        put_into(DOCS / "bench-screen.md", {"targets": table(figures), "growth": growth_table(growth)})


def _prepared(stage: Stage, finger: Finger) -> list[Show]:
    """Both sides have been started before, know their documents, and have kept them."""
    ours, theirs = Ours(stage), Theirs(stage)
    shows = [Show(stage, ours, finger), Show(stage, theirs, finger)]
    for show in shows:
        _say(f"{show.side.name} first start")
        show.publish_everything()
        with show.running():
            stage.pixels.calm(2.0)
    ours.bring_photos()
    for show in shows:
        show.learn_first_look()
    stage.broker.stop()
    for show in shows:
        show.learn_first_look()
    stage.start_broker()
    stage.broker.wait_until(stage.voice.is_back)
    return shows


def _starts_and_rounds(shows: list[Show], given: Namespace, samples: Samples) -> None:
    for number in range(given.starts):
        for show in shows:
            _say(f"{show.side.name} start {number + 1}")
            with show.running() as took_s:
                samples.add("warm_start", show.side.name, [took_s])
                samples.add("cpu_of_start", show.side.name, [show.start_cpu_s])
    for number in range(given.rounds):
        for show in shows:
            _say(f"{show.side.name} round {number + 1}")
            _round(show, given, samples)


def _idle_and_growth(shows: list[Show], given: Namespace, samples: Samples, growth: dict[str, Any]) -> None:
    for show in shows:
        _say(f"{show.side.name} idle, growth")
        with show.running():
            if given.idle_s:
                idle = trials.idle(show, given.idle_s)
                samples.add("idle_cpu", show.side.name, [idle.cpu])
                samples.add("idle_wake_ups_per_s", show.side.name, [idle.wake_ups_per_s])
            if not given.no_growth:
                growth[show.side.name] = grow(show, given.pushes // 4)


def _load(stage: Stage, show: Show, taps: int) -> list[Answered]:
    """Ours alone: nobody chooses the priority of a browser."""
    _say(f"{show.side.name} with every core busy")
    display = stage.display.part.pid
    with show.running():
        return taps_under_load(show, [display] if display else [], 2 * taps)


def _round(show: Show, given: Namespace, samples: Samples) -> None:
    name = show.side.name
    with show.running() as took_s:
        samples.add("warm_start", name, [took_s])
        pushed = trials.push_to_pixels(show, given.pushes)
        samples.add("push_to_pixels", name, pushed.all())
        samples.add("cpu_per_push", name, [pushed.cpu_s])
        samples.add("unseen_pushes", name, [pushed.unseen])
        for kind, seconds in pushed.seconds.items():
            samples.add(f"{kind}_push_to_pixels", name, seconds)
        samples.add("tap_to_pixels", name, trials.tap_to_pixels(show, given.taps))
        samples.add("memory_pss", name, [meters.pss_mib(show.side.processes())])


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
