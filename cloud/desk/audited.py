"""The tables whose changes are in the audit log (K20): all except those listed here."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cloud.audit import recorder

# Logs themselves, and internal tables: users change other tables.
NOT_RECORDED = frozenset(
    {
        "audit.change",
        "cafe.ask", "cafe.engine", "cafe.post", "cafe.seat",
        "calls.call", "calls.devicelogentry", "calls.forcedcallentry",
        "calls.logcheck", "calls.openpage", "calls.invitee",
        "delivery.attempt", "delivery.delivery",
        "devices.desireddocument", "devices.devicecommand", "devices.deviceevent", "devices.devicefault",
        "devices.duerefresh", "devices.oldercertificate", "devices.rejectedinput", "devices.usedtoken",
        "family.application", "family.linkrequest",
        "help.helprequest", "help.helpstep", "help.mergedrequest", "help.openboard",
        "link.linkworker", "link.partitionlease",
        "album.familypicture",
        "resident_messages.confirmationstep", "resident_messages.message",
        "notices.notice", "notices.noticesent",
        "organisations.failedsignin", "organisations.passwordrequest", "organisations.signin",
        "partner.alarmmessage", "partner.contactsheet", "partner.duressalarm", "partner.operatorstep",
        "partner.readiness",
        "people.photo",
        "push.phone", "push.pushmessage",
        "queue.browsercall", "queue.message", "queue.visit",
        "screens.changedview", "screens.viewchange",
    }
)  # fmt: skip
# Fields that change automatically in rows that users change.
WITHOUT = {
    "calendar.appointment": {"expanded_until", "later", "occurrences", "problem", "sequence", "source"},
    "calls.personallink": {"used_at"},
    "notices.templatefile": {"data"},
    "organisations.passkey": {"counter", "credential", "used_at"},
    "devices.claim": {"used_at"},
    "devices.device": {"broker", "certificate_pem", "heard_at", "heartbeat", "online", "session"},
    "organisations.user": {"is_staff", "is_superuser", "last_login"},
    "people.contact": {"presence"},
    "queue.agent": {"is_signed_in", "seen_at", "signed_in_at"},
    "queue.queue": {"line_moved_at"},
}
NAMES = {
    "cafe.cafesettings": _("settings of the café"),
    "cafe.meeting": _("event"),
    "calendar.appointment": _("appointment"),
    "calendar.cafe": _("café"),
    "calendar.calendarfeed": _("calendar link"),
    "calls.callsettings": _("settings of calls"),
    "calls.personallink": _("personal link"),
    "delivery.channelsettings": _("channel of messages"),
    "devices.claim": _("claim of a device"),
    "devices.device": _("device"),
    "devices.retirement": _("retirement of a device"),
    "devices.revocation": _("revoked certificate"),
    "calls.staffcontact": _("calling account of a user"),
    "family.registrationlink": _("registration link"),
    "family.relativessettings": _("settings of applications"),
    "partner.homeassistantdevice": _("device of a smart home"),
    "people.doorlook": _("door code shown"),
    "people.formerrelation": _("former relation"),
    "releases.devicerelease": _("release of a device"),
    "releases.release": _("release"),
    "help.partner": _("monitoring partner"),
    "album.pausedsender": _("paused sender of pictures"),
    "calendar.cancelledtime": _("cancelled time of an appointment"),
    "resident_messages.messagetext": _("text of a message"),
    "resident_messages.optout": _("reminders switched off"),
    "resident_messages.remindertype": _("kind of reminder"),
    "notices.contract": _("contract of residents"),
    "notices.contractcontact": _("contact person of a contract"),
    "notices.contractresident": _("resident under a contract"),
    "notices.noticerule": _("rule of notices"),
    "notices.noticetemplate": _("template of notices"),
    "notices.recipient": _("recipient of notices"),
    "notices.recipientaddress": _("address of a recipient"),
    "notices.templatefile": _("file of a template"),
    "organisations.coderule": _("one-time codes needed by a role"),
    "organisations.passkey": _("passkey"),
    "organisations.grant": _("role"),
    "organisations.organisation": _("organisation"),
    "organisations.user": _("user"),
    "partner.alarmcentre": _("alarm centre"),
    "partner.registration": _("registration at the partner"),
    "partner.rota": _("rota"),
    "partner.rotaperson": _("person on the rota"),
    "partner.rotashift": _("shift of the rota"),
    "partner.safewords": _("safe words"),
    "people.caresettings": _("care settings"),
    "people.closedday": _("closed day"),
    "people.contact": _("contact"),
    "people.escalationcontact": _("escalation contact"),
    "people.relation": _("relation"),
    "people.resident": _("resident"),
    "people.residenthome": _("home of a resident"),
    "proposals.proposal": _("proposal"),
    "push.pushsettings": _("settings of ringing phones"),
    "queue.agent": _("queue agent"),
    "queue.queue": _("queue"),
    "queue.quickreply": _("ready answer"),
    "queue.template": _("ready text"),
    "screens.residentview": _("view of the screen"),
    "screens.screengroup": _("group of screens"),
    "screens.viewtemplate": _("template of views"),
}


def watch_all() -> None:
    """Register all tables; called once after all apps are loaded."""
    for model in ours():
        label = model._meta.label_lower
        if label not in NOT_RECORDED:
            recorder.watch(model, name=NAMES.get(label), without=WITHOUT.get(label, ()))


def ours() -> Iterator[type[Model]]:
    """Yield every table of the desk's own apps."""
    for config in apps.get_app_configs():
        if config.name.startswith("cloud."):
            yield from config.get_models()
