"""Recognises a contact's answer to the device's text message, and their number (K3).

A wrong "yes" would be false comfort: an answer counts only if it begins with the code word and the number of
the request, in whatever case and punctuation, and contains no negation.
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
    """Return whether the sender confirms that they are coming; ``code`` is the number of the request."""
    return _given_code(text) == code


def is_wrong_code(text: str, code: str) -> bool:
    """Return whether it is an answer with another number: of another request, or guessed."""
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
    """Return whether ``given``, as a network writes it, is the number ``known`` (E.164, with its ``+``)."""
    digits = re.sub(r"\D", "", given)
    if given.strip().startswith("+") or known == f"+{digits}":
        return known == f"+{digits}"
    if digits.startswith("00"):
        return known == f"+{digits[2:]}"
    # Some networks replace the country code by 0.
    national = digits.removeprefix("0")
    return known.endswith(national) and len(known) - len("+" + national) in _COUNTRY_CODE_FIGURES
