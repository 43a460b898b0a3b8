"""The real core, and what it reports to the service manager."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from device.health.notify import ServiceManager
from device.tablet import TICK_S
from tests.systemd.listener import Listener, running

pytestmark = pytest.mark.requirement("K2")

# The core looks at itself at least once in a tick.
LONG_ENOUGH_S = TICK_S + 1.0
# What moves just after one look is seen at the next; half of the 45 s of the unit's WatchdogSec.
FED_WITHIN_S = 2 * TICK_S + 2.5


def test_ready_means_that_the_screen_can_be_had_and_a_frozen_core_is_not_fed(
    listener: Listener, settings: Path
) -> None:
    """Ready with socket and state; silent while stopped; alive, and stopping in words, after that."""
    with running(listener, "device", "--settings", str(settings)) as core:
        listener.hear("READY=1")
        assert (settings.parent / "screen.sock").is_socket()
        os.kill(core.pid, signal.SIGSTOP)
        assert listener.hears_nothing_of("WATCHDOG=1", LONG_ENOUGH_S)
        os.kill(core.pid, signal.SIGCONT)
        assert "screen (" in listener.hear("STATUS=Does not work: ")
        listener.hear("WATCHDOG=1", FED_WITHIN_S)
        core.terminate()
        listener.hear("STOPPING=1")


def test_a_link_or_a_database_that_stands_still_is_enough_to_starve_the_watchdog(
    listener: Listener, settings: Path
) -> None:
    """First the link's thread hangs, then another holds the database; only when both move the core is fed."""
    certificate = settings.parent / "identity" / "ca.pem"
    # A process that opens a pipe waits until somebody writes into it.
    os.mkfifo(certificate)
    with running(listener, "device", "--settings", str(settings)):
        listener.hear("READY=1")
        assert listener.hears_nothing_of("WATCHDOG=1", LONG_ENOUGH_S)
        with closing(sqlite3.connect(settings.parent / "data" / "device.sqlite3")) as other:
            other.execute("BEGIN IMMEDIATE")
            _let_the_link_go(certificate)
            assert listener.hears_nothing_of("WATCHDOG=1", LONG_ENOUGH_S)
            other.execute("ROLLBACK")
        listener.hear("WATCHDOG=1", FED_WITHIN_S)


def test_where_no_service_manager_listens_nothing_is_missed(tmp_path: Path) -> None:
    """Neither without one nor with one that is gone."""
    for address in (None, "", str(tmp_path / "gone"), "@gone"):
        ServiceManager(address).alive()


def _let_the_link_go(certificate: Path) -> None:
    """What it reads is no certificate, and the next time there is no file: an error, and it goes on."""
    with certificate.open("w") as pipe:
        certificate.unlink()
        pipe.write("nonsense")
