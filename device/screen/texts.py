"""The device's SMS texts, in the resident's language (K3).

They are unencrypted and visible on locked phones: a first name, an initial, the time, and nothing more.
"""

from datetime import datetime

from device.rules.answer import CODE_WORDS
from device.rules.effects import SendSms
from device.screen.scene import Scene

# A single SMS holds 160 characters.
_LONGEST_NAME = 24


def text_message(effect: SendSms, scene: Scene) -> str:
    """Return whole sentences, in a single SMS wherever the names allow it."""
    words, name = scene.words, effect.name[:_LONGEST_NAME]
    match effect.what:
        case "asks":
            return _asks(scene)
        case "thanks":
            return words(
                "Thank you. The screen says now that you are coming: {resident}.", resident=_who(scene)
            )
        case "somebody-goes":
            return words("{resident}: {name} is going. You need not go.", resident=_who(scene), name=name)
        case "already-taken":
            return words("Thank you. {name} is going already: {resident}.", resident=_who(scene), name=name)
        case "over":
            return words("Thank you. The call for help is over already: {resident}.", resident=_who(scene))
    return words("If you are going, please answer exactly so: {answer}", answer=_answer(scene))


def _asks(scene: Scene) -> str:
    words = scene.words
    fields = {"resident": _who(scene), "answer": _answer(scene)}
    if not scene.now.trusted:
        return words(
            "{resident} has called for help. The carers cannot be reached. If you can go, answer: {answer}",
            **fields,
        )
    at = _raised_at(scene)
    if at.date() == scene.today:
        return words(
            "{resident} called for help at {time}. The carers cannot be reached. "
            "If you can go, answer: {answer}",
            time=words.time(at),
            **fields,
        )
    return words(
        "{resident} called for help {day_and_time}. The carers cannot be reached. "
        "If you can go, answer: {answer}",
        day_and_time=scene.on_day_at(at),
        **fields,
    )


def _answer(scene: Scene) -> str:
    return f"{CODE_WORDS[scene.view.language]} {scene.state.sms.code}"


def _who(scene: Scene) -> str:
    people = scene.state.documents.people
    first = people.resident.first_name.strip()[:_LONGEST_NAME] if people else ""
    last = people.resident.last_name.strip() if people else ""
    return f"{first} {last[:1]}".strip() + ("." if first and last else "") or scene.words("The resident")


def _raised_at(scene: Scene) -> datetime:
    request = scene.state.requests.help
    return request.raised_at.astimezone(scene.zone) if request else scene.local
