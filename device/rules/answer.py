"""What a contact answers to the device's text message, and whose number it is (K3).

A wrong "yes" would be false comfort: an answer counts only if it begins with the code word and the number of
the request, in whatever letters and signs, and denies nothing.
"""

import re

from device.contract.values import Language

CODE_WORDS: dict[Language, str] = {
    "fi": "TULEN",
    "sv": "JAG KOMMER",
    "da": "JEG KOMMER",
    "en": "COMING",
}
_DENIALS = frozenset(
    ("en", "ei", "voi", "inte", "ej", "nej", "ikke", "not", "no", "cannot", "can't", "can’t")
)
_COUNTRY_CODE_FIGURES = (1, 2, 3)


def is_answer(text: str, code: str) -> bool:
    """Whether this says that its sender goes; ``code`` is the number of the request."""
    return _given_code(text) == code


def is_wrong_code(text: str, code: str) -> bool:
    """Whether this is an answer but for its number: of another request, or guessed."""
    return _given_code(text) not in (None, code)


def _given_code(text: str) -> str | None:
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+", text.casefold())
    for code_words in CODE_WORDS.values():
        expected = code_words.casefold().split()
        given = words[len(expected) : len(expected) + 1]
        if words[: len(expected)] == expected and given and given[0].isdigit():
            return None if _DENIALS & set(words[len(expected) + 1 :]) else given[0]
    return None


def is_same_number(known: str, given: str) -> bool:
    """Whether ``given``, as a network writes it, is the number ``known`` (E.164, with its ``+``)."""
    digits = re.sub(r"\D", "", given)
    if given.strip().startswith("+") or known == f"+{digits}":
        return known == f"+{digits}"
    if digits.startswith("00"):
        return known == f"+{digits[2:]}"
    # Some networks leave out the country, and put a 0 in its place.
    national = digits.removeprefix("0")
    return known.endswith(national) and len(known) - len("+" + national) in _COUNTRY_CODE_FIGURES
