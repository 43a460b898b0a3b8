"""The time when something opens, as text."""

from device.rules.cafe import Opening
from device.screen.page_context import PageContext


def opens_words(context: PageContext, opening: Opening) -> str:
    """Return the time as today, tomorrow, or on a weekday."""
    words, time = context.words, context.words.time(opening.opens)
    days_ahead = (opening.opens.date() - context.today).days
    if days_ahead == 0:
        return words("Opens at {time}", time=time)
    if days_ahead == 1:
        return words("Tomorrow at {time}", time=time)
    return words("Opens on {weekday} at {time}", weekday=words.on_weekday(opening.opens), time=time)
