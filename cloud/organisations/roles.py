"""Permissions (K14): one table, role × verb. A page requires a verb, never a role."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verb(TextChoices):
    """A permission; its description is on the page of roles."""

    ANSWER_HELP = "answer-help", _("see calls for help and answer them")
    SEE_RESIDENTS = "see-residents", _("see residents and the people around them")
    EDIT_RESIDENTS = "edit-residents", _("edit residents and the people around them")
    ADD_RESIDENTS = "add-residents", _("add residents")
    EDIT_CARE = "edit-care", _("edit permissions, press ways and escalation contacts")
    ANONYMISE = "anonymise", _("anonymise accounts")
    GIVE_LINKS = "give-links", _("give and revoke personal links")
    ADMIT_RELATIVES = "admit-relatives", _("decide on the applications of relatives")
    SEE_CALLS = "see-calls", _("see the log of calls")
    SEE_FORCED_CALLS = "see-forced-calls", _("see the log of forced calls")
    SET_DUTY = "set-duty", _("say who is on duty")
    EDIT_CALENDAR = "edit-calendar", _("edit calendars")
    SEE_CAFE = "see-cafe", _("see the café's hours")
    EDIT_CAFE = "edit-cafe", _("edit the café's hours")
    HOST_CAFE = "host-cafe", _("host the café and events")
    SEND_MESSAGES = "send-messages", _("send messages to screens")
    SET_CHANNELS = "set-channels", _("set up how messages go out, and see what they cost")
    EDIT_CONTRACTS = "edit-contracts", _("edit contracts of residents, and who is notified by them")
    SEE_QUEUES = "see-queues", _("see the queues")
    ANSWER_QUEUE = "answer-queue", _("answer those who wait in a queue")
    EDIT_QUEUES = "edit-queues", _("set up queues")
    READ_TRANSCRIPTS = "read-transcripts", _("read what was written in queues")
    SEE_SCREENS = "see-screens", _("see what is on the screens")
    EDIT_VIEWS = "edit-views", _("edit what is on the screens")
    EDIT_MANY_VIEWS = "edit-many-views", _("change many screens at once")
    VIEW_REMOTELY = "view-remotely", _("look at a screen")
    TEST_DEVICES = "test-devices", _("let a device test itself")
    ASSIGN_DEVICES = "assign-devices", _("put devices into and out of use")
    RELEASE_SOFTWARE = "release-software", _("say which devices get new software")
    SEE_HEALTH = "see-health", _("see the health of devices")
    READ_ARCHIVE = "read-archive", _("read the archive of calls for help")
    SET_PARTNER = "set-partner", _("set the monitoring partner")
    SEE_ALARMS = "see-alarms", _("see the alarms that were passed on to the partner, and answer them")
    SET_CLOSED_DAYS = "set-closed-days", _("set the days on which offices are closed")
    MANAGE_USERS = "manage-users", _("invite, lock and edit users")
    MANAGE_ORGANISATIONS = "manage-organisations", _("add, rename and move organisations")
    CONFIRM = "confirm", _("confirm what somebody else has proposed")
    READ_AUDIT = "read-audit", _("read who changed what")
    READ_REPORTS = "read-reports", _("read reports")


class Role(TextChoices):
    """A role in an organisation and in those below it; a user may have several."""

    NURSE = "nurse", _("Nurse")
    TEAM_LEAD = "team-lead", _("Team lead")
    ADMINISTRATOR = "administrator", _("Administrator")
    INSTALLER = "installer", _("Installer")
    CONTENT_PRODUCER = "content-producer", _("Content producer")
    CAFE_HOST = "cafe-host", _("Café host")
    QUEUE_AGENT = "queue-agent", _("Queue agent")
    PARTNER_OPERATOR = "partner-operator", _("Partner operator")
    AUDITOR = "auditor", _("Auditor")


_NURSE = frozenset(
    {
        Verb.ANSWER_HELP, Verb.SEE_RESIDENTS, Verb.EDIT_RESIDENTS, Verb.GIVE_LINKS, Verb.SEE_CALLS,
        Verb.EDIT_CALENDAR, Verb.SEE_CAFE, Verb.HOST_CAFE, Verb.SEND_MESSAGES, Verb.SEE_QUEUES,
        Verb.ANSWER_QUEUE, Verb.SEE_SCREENS, Verb.EDIT_VIEWS, Verb.VIEW_REMOTELY, Verb.TEST_DEVICES,
        Verb.SEE_HEALTH, Verb.READ_ARCHIVE,
    }
)  # fmt: skip
_TEAM_LEAD = _NURSE | {
    Verb.ADD_RESIDENTS, Verb.ADMIT_RELATIVES, Verb.EDIT_CARE, Verb.EDIT_MANY_VIEWS, Verb.ANONYMISE,
    Verb.SET_DUTY, Verb.SEE_FORCED_CALLS, Verb.EDIT_CAFE,
    Verb.EDIT_QUEUES, Verb.ASSIGN_DEVICES, Verb.SET_CLOSED_DAYS, Verb.READ_TRANSCRIPTS, Verb.SEE_ALARMS,
    Verb.CONFIRM, Verb.READ_REPORTS,
}  # fmt: skip

# The permissions of each role.
MAY: dict[Role, frozenset[Verb]] = {
    Role.NURSE: _NURSE,
    Role.TEAM_LEAD: _TEAM_LEAD,
    Role.ADMINISTRATOR: frozenset(
        {
            Verb.SEE_RESIDENTS, Verb.EDIT_RESIDENTS, Verb.ADD_RESIDENTS, Verb.ADMIT_RELATIVES,
            Verb.ANONYMISE, Verb.SEE_CALLS,
            Verb.SEE_FORCED_CALLS, Verb.SET_DUTY, Verb.SEE_CAFE, Verb.EDIT_CAFE, Verb.SEE_QUEUES,
            Verb.EDIT_QUEUES, Verb.SEE_SCREENS, Verb.EDIT_VIEWS, Verb.EDIT_MANY_VIEWS, Verb.ASSIGN_DEVICES,
            Verb.TEST_DEVICES,
            Verb.SEE_HEALTH, Verb.READ_ARCHIVE, Verb.SET_PARTNER, Verb.SET_CLOSED_DAYS, Verb.SET_CHANNELS,
            Verb.EDIT_CONTRACTS, Verb.MANAGE_USERS,
            Verb.MANAGE_ORGANISATIONS, Verb.READ_AUDIT, Verb.READ_REPORTS,
            Verb.RELEASE_SOFTWARE, Verb.CONFIRM,
        }
    ),
    Role.INSTALLER: frozenset(
        {Verb.SEE_SCREENS, Verb.ASSIGN_DEVICES, Verb.TEST_DEVICES, Verb.SEE_HEALTH}
    ),
    Role.CONTENT_PRODUCER: frozenset(
        {
            Verb.SEE_CAFE, Verb.EDIT_CAFE, Verb.HOST_CAFE, Verb.EDIT_CALENDAR, Verb.SEE_RESIDENTS,
            Verb.SEND_MESSAGES,
        }
    ),
    Role.CAFE_HOST: frozenset({Verb.SEE_CAFE, Verb.HOST_CAFE}),
    Role.QUEUE_AGENT: frozenset({Verb.SEE_QUEUES, Verb.ANSWER_QUEUE}),
    Role.PARTNER_OPERATOR: frozenset({Verb.SEE_ALARMS}),
    Role.AUDITOR: frozenset(
        {Verb.READ_ARCHIVE, Verb.READ_TRANSCRIPTS, Verb.SEE_CALLS, Verb.SEE_FORCED_CALLS, Verb.READ_AUDIT,
         Verb.READ_REPORTS}
    ),
}  # fmt: skip


def roles_that_may(verb: Verb) -> list[Role]:
    """Return every role that has this permission."""
    return [role for role, verbs in MAY.items() if verb in verbs]


def paths_for(grants: Iterable[tuple[str, str]], verb: Verb | None) -> tuple[str, ...]:
    """Return the paths where these grants (role, path) give the permission; without a verb, all."""
    found = {path for role, path in grants if verb is None or verb in MAY.get(Role(role), ())}
    return tuple(sorted(path for path in found if not _is_below(path, found)))


def _is_below(path: str, others: Iterable[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)
