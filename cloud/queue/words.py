"""What the desk says about a step that is not possible."""

from django.utils.translation import gettext as _

from cloud.queue.line import Refused


def why(refused: Refused) -> str:
    """The reason in the agent's words."""
    return {
        "taken": _("Another agent has already taken this customer."),
        "ended": _("This visit is already over."),
        "not-served": _("This customer waits in line again."),
        "not-yours": _("This customer is served by another agent."),
        "away": _("This customer is away just now, and keeps the place."),
        "full": _("You serve as many customers as one agent may. Finish with one of them first."),
    }[refused.reason]
