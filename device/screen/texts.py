"""The device's SMS texts, in the resident's language (K3).

They are unencrypted and visible on locked phones: a first name, an initial, the time, and nothing more.
"""

from datetime import datetime

from device.rules.answer import CODE_WORDS
from device.rules.effects import SendSms
from device.screen.page_context import PageContext

# A single SMS holds 160 characters.
_LONGEST_NAME = 24


def text_message(effect: SendSms, context: PageContext) -> str:
    """Return whole sentences, in a single SMS wherever the names allow it."""
    words, name = context.words, effect.name[:_LONGEST_NAME]
    match effect.what:
        case "asks":
            return _asks(context)
        case "thanks":
            return words(
                "Thank you. The screen says now that you are coming: {resident}.", resident=_who(context)
            )
        case "somebody-goes":
            return words("{resident}: {name} is going. You need not go.", resident=_who(context), name=name)
        case "already-taken":
            return words("Thank you. {name} is going already: {resident}.", resident=_who(context), name=name)
        case "over":
            return words("Thank you. The call for help is over already: {resident}.", resident=_who(context))
    return words("If you are going, please answer exactly so: {answer}", answer=_answer(context))


def _asks(context: PageContext) -> str:
    words = context.words
    fields = {"resident": _who(context), "answer": _answer(context)}
    if not context.now.trusted:
        return words(
            "{resident} has called for help. The carers cannot be reached. If you can go, answer: {answer}",
            **fields,
        )
    at = _raised_at(context)
    if at.date() == context.today:
        return words(
            "{resident} called for help at {time}. The carers cannot be reached. "
            "If you can go, answer: {answer}",
            time=words.time(at),
            **fields,
        )
    return words(
        "{resident} called for help {day_and_time}. The carers cannot be reached. "
        "If you can go, answer: {answer}",
        day_and_time=context.on_day_at(at),
        **fields,
    )


def _answer(context: PageContext) -> str:
    return f"{CODE_WORDS[context.view.language]} {context.state.sms.code}"


def _who(context: PageContext) -> str:
    people = context.state.documents.people
    first = people.resident.first_name.strip()[:_LONGEST_NAME] if people else ""
    last = people.resident.last_name.strip() if people else ""
    return f"{first} {last[:1]}".strip() + ("." if first and last else "") or context.words("The resident")


def _raised_at(context: PageContext) -> datetime:
    request = context.state.requests.help
    return request.raised_at.astimezone(context.zone) if request else context.local
