"""One message to an alarm centre over two servers: a pure state machine without clock and network.

Each server has four seconds, primary and secondary in turn, twice; a failure is followed by the next at once.
The message is received only when an answer refers to it with status 0.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from cloud.partner.scaip import Answer, Malformed, parse

ANSWER_WAIT_S = 4.0
ROUNDS = 2
MOST_SERVERS = 2
# The time for all attempts together.
LONGEST_S = ANSWER_WAIT_S * ROUNDS * MOST_SERVERS


class Dialect(StrEnum):
    """Where a centre puts its answer: in a message of its own, or in its response to ours."""

    OWN_MESSAGE = "own-message"
    IN_RESPONSE = "in-response"


class Outcome(StrEnum):
    """The outcome of a message."""

    OPEN = "open"
    RECEIVED = "received"
    FAILED = "failed"


@dataclass(frozen=True)
class Exchange:
    """A message in flight; ``attempt`` counts both servers' attempts from 0."""

    ref: str
    servers: tuple[str, ...]
    dialect: Dialect
    sent_at_s: float
    attempt: int = 0
    outcome: Outcome = Outcome.OPEN
    reason: str = ""

    @property
    def server(self) -> str:
        """Return the server of this attempt."""
        return self.servers[self.attempt % len(self.servers)]


@dataclass(frozen=True)
class Responded:
    """A server's SIP response, or the failure to reach it."""

    server: str
    code: int
    reason: str
    body: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer in a message of its own."""

    answer: Answer


@dataclass(frozen=True)
class TimePassed:
    """Only time has passed: an answer may be overdue."""


Event = Responded | Answered | TimePassed


def step(exchange: Exchange, event: Event, now_s: float) -> tuple[Exchange, bool]:
    """Return the exchange after the event, and whether to send the message to its server now."""
    if exchange.outcome != Outcome.OPEN:
        return exchange, False
    match event:
        case Answered(answer):
            return _answered(exchange, answer, now_s)
        case Responded():
            return _responded(exchange, event, now_s)
    if now_s - exchange.sent_at_s >= ANSWER_WAIT_S:
        return _next(exchange, "no answer", now_s)
    return exchange, False


def _responded(exchange: Exchange, response: Responded, now_s: float) -> tuple[Exchange, bool]:
    answer = _answer_in(response.body) if 200 <= response.code < 300 else None
    if answer:
        return _answered(exchange, answer, now_s)
    if response.server != exchange.server or response.code < 200:
        # A late response of the previous server: the current one still has its time.
        return exchange, False
    if response.code >= 300:
        return _next(exchange, f"SIP {response.code} {response.reason}", now_s)
    if exchange.dialect == Dialect.IN_RESPONSE:
        return _next(exchange, "a response without an answer", now_s)
    return exchange, False


def _answered(exchange: Exchange, answer: Answer, now_s: float) -> tuple[Exchange, bool]:
    if answer.ref != exchange.ref:
        return exchange, False
    if answer.is_received:
        return replace(exchange, outcome=Outcome.RECEIVED, reason=""), False
    return _next(exchange, f"status {answer.status} {answer.text}".strip(), now_s)


def _answer_in(body: str) -> Answer | None:
    try:
        return parse(body) if body.strip() else None
    except Malformed:
        return None


def _next(exchange: Exchange, reason: str, now_s: float) -> tuple[Exchange, bool]:
    attempt = exchange.attempt + 1
    if attempt >= len(exchange.servers) * ROUNDS:
        return replace(exchange, outcome=Outcome.FAILED, reason=reason), False
    return replace(exchange, attempt=attempt, sent_at_s=now_s, reason=reason), True
