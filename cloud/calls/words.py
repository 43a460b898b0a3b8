"""A call's outcome as text, for callers and for the desk."""

from django.utils.translation import gettext_lazy as _

# Refused by the desk itself, without asking the resident's device.
BY_DESK = frozenset(
    {"not-allowed", "no-consent", "outside-hours", "too-often", "not-in-use", "not-reachable"}
)

FOR_CALLER = {
    "refused": _("%(name)s does not want to talk just now."),
    "busy": _("%(name)s is in another call. Please try again in a while."),
    "help": _("%(name)s has asked for help just now, and a nurse has been told. Please call later."),
    "not-in-use": _("The screen of %(name)s is not in use."),
    "not-allowed": _("This is not allowed. The care desk knows more."),
    "no-consent": _("This is not allowed: there is no consent on file."),
    "outside-hours": _("This is not allowed at this hour."),
    "too-often": _("That was often enough for today. Please call in the ordinary way."),
    "unknown-caller": _("The screen of %(name)s does not know you yet. Please try again in a minute."),
    "repeated": _("Please call once more."),
    "no-media": _("The screen of %(name)s cannot make calls just now. The care desk knows more."),
    "no-answer": _("%(name)s did not answer."),
    "not-reachable": _("%(name)s cannot be reached: the screen has no connection."),
    "resident": _("%(name)s has hung up."),
    "caller": _("The call is over."),
    "limit": _("The call was as long as calls may be."),
    "gone": _("The connection was lost."),
    "failed": _("The call did not succeed. Please try again."),
    "restart": _("The screen of %(name)s has restarted. Please call once more."),
    "withdrawn": _("The call was ended: you may not call %(name)s any more."),
    "elsewhere": _("Somebody else has answered."),
    "taken": _("A colleague takes care of it."),
}
# Help was requested during the call; before it, the request was already open.
HELP_IN_CALL = _("%(name)s has asked for help, and a nurse has been told. The call was ended.")

AT_DESK = {
    "refused": _("refused by the resident"),
    "busy": _("in another call"),
    "help": _("help came first"),
    "not-in-use": _("screen not in use"),
    "not-allowed": _("not allowed"),
    "no-consent": _("no consent on file"),
    "outside-hours": _("outside the hours"),
    "too-often": _("too often that day"),
    "unknown-caller": _("caller unknown to the screen"),
    "repeated": _("repeated invitation"),
    "no-media": _("the screen could not make calls"),
    "no-answer": _("not answered"),
    "not-reachable": _("not reachable"),
    "resident": _("ended by the resident"),
    "caller": _("ended by the caller"),
    "limit": _("ended by its limit"),
    "gone": _("connection lost"),
    "failed": _("failed"),
    "restart": _("screen restarted"),
    "withdrawn": _("right withdrawn"),
    "elsewhere": _("somebody else answered"),
    "taken": _("taken on the board"),
}
MISSED = frozenset({"no-answer", "not-reachable"})
# Events of a device, for its page.
EVENT_WORDS = {
    "call-placed": _("The resident calls somebody."),
    "call-answered": _("A call was answered."),
    "call-declined": _("A call was not taken: %(why)s."),
    "call-missed": _("A call rang, and nobody answered."),
    "call-connected": _("A call goes on."),
    "call-ended": _("A call is over: %(why)s."),
    "call-logged": _("A forced call by %(name)s was written into the device's log."),
}


def for_caller(why: str, name: str, *, was_connected: bool) -> str:
    """Return one sentence for the caller's page."""
    pattern = HELP_IN_CALL if why == "help" and was_connected else FOR_CALLER.get(why, FOR_CALLER["failed"])
    return str(pattern) % {"name": name}


def at_desk(why: str) -> str:
    """Return a few words for the log."""
    return str(AT_DESK.get(why, why))
