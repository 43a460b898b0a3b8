"""Texts for steps that are not possible."""

from django.utils.translation import gettext as _

from cloud.queue.line import Refused


def why(refused: Refused) -> str:
    """Return the reason for the agent."""
    return {
        "taken": _("Another agent has already taken this customer."),
        "ended": _("This visit is already over."),
        "not-served": _("This customer waits in line again."),
        "not-yours": _("This customer is served by another agent."),
        "away": _("This customer is away just now, and keeps the place."),
        "full": _("You serve as many customers as one agent may. Finish with one of them first."),
        "second-video": _("You are on video with another customer. Finish with them first."),
        "not-agreed": _("This customer has not agreed to talk with picture yet."),
    }[refused.reason]


def video_words(customer: str) -> dict[str, str]:
    """Return the texts of the agent's call."""
    return {
        "preparing": _("One moment …"),
        "ringing": _("Calling %s …") % customer,
        "answered": _("%s answers …") % customer,
        "connected": _("You are talking with %s.") % customer,
        "poor": _("The line is poor."),
        "gone": _("The connection was lost."),
        "over": _("The call is over."),
        "failed": _("That did not work. Please try again."),
        "no_camera": _("No camera can be used: you are heard, not seen."),
        "no_microphone": _("No microphone can be used: please allow it in the browser, or connect one."),
        "no_secure": _("This browser does not allow calls here. Please open the link as https://."),
    }


def caller_words() -> dict[str, str]:
    """Return the texts of a relative's page."""
    return {
        "write": _("Write"),
        "video": _("Talk with picture"),
        "choose": _("What can we help you with?"),
        "none": _("There is no service here yet."),
        "asked": _("%s would like to talk with picture."),
        "camera": _("The camera and the microphone go on then."),
        "waits": _("You have asked to talk with picture."),
        "calls": _("%s calls you"),
        "connected": _("You are talking with %s."),
        "leave": _("Do you want to leave?"),
        "failed": _("That did not work. Please try again."),
        "sending": _("Being sent"),
        "no_microphone": _("No microphone can be used: please allow it in the browser, or connect one."),
        "thanks": _("Thank you for your answer."),
        "good": _("Good"),
        "fair": _("Fair"),
        "bad": _("Bad"),
    }
