"""Texts of a table page's script."""

from django.utils.translation import gettext as _


def page_words() -> dict[str, str]:
    """Return the texts in the page's language."""
    return {
        "no_microphone": _("The browser gives no microphone. You can still listen."),
        "connecting": _("One moment, connecting."),
        "seated": _("You are at the table."),
        "listening": _("The others neither see nor hear you."),
        "alone": _("You are the first one here."),
        "lost": _("The connection was lost. It is tried again by itself."),
        "muted": _("The host has switched your sound off."),
        "still": _("Are you still here?"),
        "mute": _("Mute"),
        "show_out": _("Show out"),
        "host": _("Host"),
        "hand": _("Raises a hand"),
        "you": _("You"),
        "sure_out": _("Show this person out? They cannot come back to this table today."),
        "sure_end": _("End it for everybody? All are taken out at once."),
        "out_left": _("You have left the table."),
        "out_line_lost": _("The connection to the table was lost."),
        "out_no_answer": _("You did not answer, so you are not at the table any more."),
        "out_shown_out": _("The host has asked you to leave the table this time."),
        "out_host_left": _("The host has left, and so it is over."),
        "out_ended_for_all": _("It was ended for everybody."),
        "out_closed": _("It is over for today."),
        "out_full": _("The table is full just now. Try again a little later."),
        "out_not-allowed": _("This table is not open to you now."),
        "out_unusable": _("This browser cannot connect to the table."),
    }
