"""The order of the resident's contacts, and how one of many is found: by the first letter (V26)."""

import unicodedata
from collections.abc import Sequence

from device.contract.documents import Contact
from device.contract.values import Language

# Two pages of faces; more contacts are looked for by a letter.
MOST_WITHOUT_LETTERS = 12
# What comes before the alphabet's end in no language: a figure, or no name.
OTHER = "#"
_ALPHABETS: dict[Language, str] = {
    "fi": "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ",
    "sv": "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ",
    "da": "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ",
    "en": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def in_order(contacts: Sequence[Contact], language: Language) -> list[Contact]:
    """Return favourites first, in the desk's order; of many contacts the others by name."""
    favourites = [contact for contact in contacts if contact.favourite]
    others = [contact for contact in contacts if not contact.favourite]
    if are_many(contacts):
        others.sort(key=lambda contact: _by_name(contact, language))
    return favourites + others


def are_many(contacts: Sequence[Contact]) -> bool:
    """Return whether they are looked for by a letter."""
    return len(contacts) > MOST_WITHOUT_LETTERS


def letters(contacts: Sequence[Contact], language: Language) -> list[str]:
    """Return the first letters that exist, in the order of the language's alphabet."""
    found = {first_letter(contact, language) for contact in contacts}
    return sorted(found, key=lambda letter: _place(letter, language))


def with_letter(contacts: Sequence[Contact], letter: str, language: Language) -> list[Contact]:
    """Return the contacts with this first letter, by name."""
    found = [contact for contact in contacts if first_letter(contact, language) == letter]
    return sorted(found, key=lambda contact: _by_name(contact, language))


def first_letter(contact: Contact, language: Language) -> str:
    """Return the letter of the first name, or of the last where there is no first."""
    name = _name(contact)
    return _letter(name[:1], language) if name else OTHER


def _name(contact: Contact) -> str:
    return unicodedata.normalize("NFC", f"{contact.first_name} {contact.last_name}".strip())


def _letter(character: str, language: Language) -> str:
    """Return a capital of the alphabet: without a mark that the language has no letter with."""
    capital = character.upper()[:1]
    if capital not in _ALPHABETS[language]:
        capital = unicodedata.normalize("NFD", capital)[:1]
    return capital if capital.isalpha() else OTHER


def _by_name(contact: Contact, language: Language) -> list[tuple[int, str]]:
    return [_place(_letter(character, language), language) for character in _name(contact)]


def _place(letter: str, language: Language) -> tuple[int, str]:
    """Return the sort key: other alphabets, and then what is no letter, after the language's own."""
    place = _ALPHABETS[language].find(letter)
    outside = len(_ALPHABETS[language]) + (letter == OTHER)
    return (place if place >= 0 else outside, letter)
