"""A nurse who answers what the demo's simulated residents ask for, so that its boards do not fill."""

import logging
import signal
from collections.abc import Collection
from datetime import datetime
from random import Random
from threading import Event
from typing import Literal

from django.db import close_old_connections
from django.utils import timezone

from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.organisations.models import User

Step = Literal["take", "arrive", "close"]
log = logging.getLogger(__name__)

LOOKS_EVERY_S = 5.0


def next_step(request: HelpRequest, now: datetime) -> Step | None:
    """Return what the nurse does now: everything takes its time, and somebody at the board may be faster."""
    chance = Random(request.pk)
    take_s, arrive_s, close_s = chance.uniform(25, 100), chance.uniform(40, 120), chance.uniform(40, 180)
    if not request.taken_at:
        return "take" if (now - request.received_at).total_seconds() >= take_s else None
    since_taken_s = (now - request.taken_at).total_seconds()
    if request.kind == HelpRequest.Kind.HELP and not request.arrived_at:
        return "arrive" if since_taken_s >= arrive_s else None
    return "close" if since_taken_s >= arrive_s + close_s else None


def work(nurse: User, devices: Collection[str], now: datetime) -> None:
    """Answer the open requests of these devices; what somebody else has taken stays theirs."""
    waiting = board.every_request(nurse).filter(closed_at=None, device__in=devices)
    for request in waiting.exclude(taken_by__isnull=False) | waiting.filter(taken_by=nurse):
        try:
            _do(request, next_step(request, now), nurse)
        except board.TooLate:
            log.info("somebody was faster with request %s", request.pk)


def work_until_ended(nurse: User, devices: Collection[str]) -> None:
    """Answer these devices until the process is asked to end."""
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    live_updates.here()
    while not stopping.wait(LOOKS_EVERY_S):
        close_old_connections()
        work(nurse, devices, timezone.now())
    live_updates.close()


def _do(request: HelpRequest, step: Step | None, nurse: User) -> None:
    match step:
        case "take":
            board.take(request.pk, nurse)
        case "arrive":
            board.arrive(request.pk, nurse)
        case "close":
            is_help = request.kind == HelpRequest.Kind.HELP
            outcomes = HelpRequest.Outcome
            board.close(request.pk, nurse, outcomes.HELPED if is_help else outcomes.TALKED)
