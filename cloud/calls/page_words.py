"""Texts of the caller's page scripts, in the reader's language."""

from django.utils.translation import gettext as _


def page_words() -> dict[str, str]:
    """Return the texts by key; ``%s`` is a name or a number."""
    return {
        "call": _("Call"),
        "call_one": _("Call %s"),
        "force": _("Forced call"),
        "calling": _("Calling %s …"),
        "forcing": _("%s sees who calls and why, and can still refuse …"),
        "answered": _("%s answers …"),
        "connecting": _("One moment …"),
        "connected": _("You are talking with %s."),
        "elsewhere": _("You are in a call on another page or device."),
        "left": _("%s left"),
        "ending": _("This call ends by itself in a minute."),
        "poor": _("The line is poor."),
        "gone": _("The connection was lost."),
        "again": _("The connection to %s broke off. Calling again …"),
        "limit": _("The call was as long as calls may be."),
        "failed": _("That did not work. Please try again."),
        "no_microphone": _("No microphone can be used: please allow it in the browser, or connect one."),
        "no_camera": _("No camera can be used: you are heard, not seen."),
        "no_secure": _("This browser does not allow calls here. Please open the link as https://."),
        "why": _("Please say in a few words why."),
        "call_several": _("Call %s people"),
    }
