"""Which calls are admitted: the device's own rules, also when the desk is wrong (V9, V12, K5)."""

from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.commands import ForcedCall
from device.contract.documents import Contact, ForcedCallPolicy, View
from device.contract.events import DeclineReason
from device.rules.calls.call import Call
from device.rules.calm import is_help_wanted
from device.rules.local_time import is_within
from device.rules.now import Now
from device.rules.state import State


class Refusal(Struct, frozen=True):
    """Why a call is declined; ``detail`` in plain English, for the desk."""

    why: DeclineReason
    detail: str = ""


def contact(state: State, contact_id: str) -> Contact | None:
    """Return the contact on the resident's list, or None."""
    people = state.documents.people
    return next((each for each in people.contacts if each.id == contact_id), None) if people else None


def is_in_use(state: State) -> bool:
    """Return whether the device is assigned to a resident."""
    policy = state.documents.policy
    return policy is None or policy.use == "in-use"


def refusal(state: State, call_id: str, *, answers_help: bool = False) -> Refusal | None:
    """Return why no call can be accepted now, or None. A call that answers help is accepted during help."""
    if call_id in state.calls.seen:
        return Refusal("repeated", "this call has been here before")
    if not is_in_use(state):
        return Refusal("not-in-use")
    if is_help_wanted(state) and not (answers_help and state.requests.help_is_open):
        return Refusal("help", "the resident has called for help")
    if state.call:
        return Refusal("busy")
    return None


def forced_refusal(state: State, command: ForcedCall, now: Now) -> Refusal | None:
    """Return why a forced call is declined now, or None."""
    caller = contact(state, command.contact_id)
    if caller is None or caller.role != command.role:
        return Refusal("unknown-caller", "the caller is not on the resident's list in this role")
    policy = _forced(state)
    return _unlawful(policy, caller) or _untimely(state, policy, now)


def may_go_on(state: State, call: Call) -> bool:
    """Return whether the call's permission has not been withdrawn (V8, V17)."""
    party = call.about.party
    caller = contact(state, party.contact_id)
    if not is_in_use(state) or (party.known and caller is None):
        return False
    if call.forced:
        is_same = caller is not None and caller.role == call.about.role
        return is_same and caller is not None and _unlawful(_forced(state), caller) is None
    return True


def _forced(state: State) -> ForcedCallPolicy:
    return state.documents.policy.forced_calls if state.documents.policy else ForcedCallPolicy()


def _unlawful(policy: ForcedCallPolicy, caller: Contact) -> Refusal | None:
    """Check the resident's consent, the role's permission, and the relative's own right."""
    is_allowed = policy.by_relatives if caller.role == "relative" else policy.by_professionals
    if not is_allowed:
        return Refusal("not-allowed", f"not by {caller.role}s")
    if caller.role == "relative" and not caller.may_force_call:
        return Refusal("not-allowed", "this relative may not")
    if not policy.consent_on_file:
        return Refusal("no-consent")
    return None


def _untimely(state: State, policy: ForcedCallPolicy, now: Now) -> Refusal | None:
    """Check the permitted hours in the resident's zone, and the limit a day."""
    if not now.trusted:
        return Refusal("outside-hours", "the device's clock is not synchronised")
    zone = ZoneInfo((state.documents.view or View(version=1)).time_zone)
    local = now.wall.astimezone(zone)
    if not is_within(local.strftime("%H:%M"), policy.allowed_from, policy.allowed_until):
        hours = f"{policy.allowed_from} to {policy.allowed_until}"
        return Refusal("outside-hours", f"allowed from {hours}, here it is {local:%H:%M}")
    today = [
        entry for entry in state.forced_calls.log if entry.asked_at.astimezone(zone).date() == local.date()
    ]
    if len(today) >= policy.most_per_day:
        return Refusal("too-often", f"{len(today)} today, at most {policy.most_per_day}")
    return None
