"""Permissions for forced calls: the matrix of V12, with hours and rate (K5). Pure."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

Role = Literal["relative", "professional"]
Refusal = Literal["not-allowed", "no-consent", "outside-hours", "too-often"]


@dataclass(frozen=True)
class Permission:
    """A resident's settings for forced calls; ``until`` at or before ``since`` is the next day."""

    by_professionals: bool = False
    by_relatives: bool = False
    has_consent: bool = False
    since: time = time(8)
    until: time = time(20)
    most_per_day: int = 4


@dataclass(frozen=True)
class Caller:
    """The caller's relation to the resident, who has to see them in their list (K5)."""

    role: Role
    is_seen: bool
    may_force: bool


def permanent_refusal(permission: Permission, caller: Caller) -> Refusal | None:
    """Return why this caller may never make forced calls, or None: settings, rights and consent."""
    is_professional = caller.role == "professional"
    box = permission.by_professionals if is_professional else permission.by_relatives
    if not (box and caller.is_seen and (is_professional or caller.may_force)):
        return "not-allowed"
    return None if permission.has_consent else "no-consent"


def refusal(permission: Permission, caller: Caller, at: time, today: int) -> Refusal | None:
    """Return why not now, or None. ``at`` is the resident's wall time, ``today`` the number so far."""
    never = permanent_refusal(permission, caller)
    if never:
        return never
    if not _within(permission.since, permission.until, at):
        return "outside-hours"
    return "too-often" if today >= permission.most_per_day else None


def _within(since: time, until: time, at: time) -> bool:
    if since < until:
        return since <= at < until
    return at >= since or at < until
