"""``make demo``: ready means painted, and Ctrl-C ends everything that it started."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.demo.processes import descendants, runs, until

DEMO = [sys.executable, "-m", "provisioning.demo"]
ROOT = Path(__file__).parents[2]


def test_newcomer_starts_the_demo_and_ends_it(tmp_path: Path) -> None:
    """From an empty folder to a picture, an address and a way to sign in; then nothing is left."""
    said = tmp_path / "said"
    surroundings = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    with (
        said.open("w", encoding="utf-8") as output,
        # As a shell starts it in the background: SIGINT is ignored.
        subprocess.Popen(
            ["sh", "-c", 'trap "" INT; exec "$0" "$@"', *DEMO, str(tmp_path / "demo"), "--devices", "0"],
            cwd=ROOT,
            env=surroundings,
            stdout=output,
        ) as demo,
    ):
        try:
            until(
                lambda: "Kotiruutu is ready:" in said.read_text(encoding="utf-8") or demo.poll() is not None,
                240,
            )
            parts = descendants(demo.pid)
            second = subprocess.run(
                [*DEMO, str(tmp_path / "demo")], capture_output=True, text=True, check=False
            )
            demo.send_signal(signal.SIGINT)
            demo.wait(60)
        finally:
            demo.kill()
    words = said.read_text(encoding="utf-8")
    assert re.search(r"Kotiruutu is ready: http://localhost:\d+/", words)
    assert "Sign in as    anna" in words
    assert len(parts) >= 10
    assert (second.returncode, f"process {demo.pid}" in second.stderr) == (1, True)
    assert demo.returncode == 0
    assert [file.parent.name for file in (tmp_path / "demo").rglob("ca.key")] == ["signer"]
    until(lambda: not any(map(runs, parts)))


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """In plain words, without a traceback."""
    obstacle = tmp_path / "file"
    obstacle.touch()
    done = subprocess.run(
        [*DEMO, str(obstacle / "demo")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"The demo cannot use {obstacle / 'demo'}: Not a directory." in done.stderr
