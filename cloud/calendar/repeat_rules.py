"""Validates RRULEs (RFC 5545, 3.3.10) against an allowlist of parts, each with bounds.

Other rules can keep a library busy for ever (``INTERVAL=0``) or for minutes (every second of a day).
"""

import re

LONGEST_RULE = 500
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(19[7-9]\d|20\d\d|2100)\d{4}(T\d{6}Z?)?")
# Minimum, maximum and maximum count: zero is never valid, negative values count from the end.
_NUMBERS = {
    "INTERVAL": (1, 1000, 1),
    "COUNT": (1, 10_000, 1),
    "BYMONTH": (1, 12, 12),
    "BYMONTHDAY": (-31, 31, 31),
    "BYYEARDAY": (-366, 366, 31),
    "BYWEEKNO": (-53, 53, 53),
    "BYSETPOS": (-366, 366, 31),
}


class UnusableRule(ValueError):
    """A recurrence that cannot be expanded; the appointment itself remains on its first day."""


def check_rule(rule: str) -> None:
    """Raise ``UnusableRule`` with the reason where a part is unknown, repeated, or out of bounds."""
    if len(rule) > LONGEST_RULE:
        raise UnusableRule("the rule is too long")
    parts = [part.partition("=") for part in rule.upper().split(";") if part]
    names = [name for name, _equals, _value in parts]
    if names.count("FREQ") != 1 or len(set(names)) != len(names):
        raise UnusableRule("each part of a rule stands once, FREQ always")
    if {"UNTIL", "COUNT"} <= set(names):
        raise UnusableRule("UNTIL and COUNT exclude each other")
    for name, _equals, value in parts:
        if not _is_allowed(name, value):
            raise UnusableRule(f"{name}={value}"[:100] + " cannot be followed")


def _is_allowed(name: str, value: str) -> bool:
    match name:
        case "FREQ":
            return value in _FREQUENCIES
        case "UNTIL":
            return _UNTIL.fullmatch(value) is not None
        case "WKST":
            return value in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        case "BYDAY":
            days = value.split(",")
            return len(days) <= 31 and all(map(_is_day, days))
    return name in _NUMBERS and _are_numbers(value, *_NUMBERS[name])


def _is_day(value: str) -> bool:
    day = _DAY.fullmatch(value)
    return day is not None and (not day[1] or 1 <= abs(int(day[1])) <= 53)


def _are_numbers(value: str, lowest: int, highest: int, most: int) -> bool:
    values = value.split(",")
    return len(values) <= most and all(
        re.fullmatch(r"[+-]?\d{1,5}", each) and int(each) != 0 and lowest <= int(each) <= highest
        for each in values
    )
