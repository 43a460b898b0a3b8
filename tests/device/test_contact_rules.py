"""Forty contacts: favourites first, the others by name, and each found by one letter (V26)."""

import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.documents import Contact, Elements, People, View
from device.contract.values import Language
from device.rules.contacts import MOST_WITHOUT_LETTERS, are_many, first_letter, in_order, letters, with_letter
from device.rules.events import DocumentArrived, Intended
from device.window_protocol.intents import OpenLetter, OpenPage
from device.window_protocol.model import Home, LettersPage, PeoplePage
from tests.device.story import Story

NAMES = st.lists(st.text(max_size=8), max_size=40)
LANGUAGES = st.sampled_from(get_args(Language))


def contacts(*names: str, favourites: tuple[str, ...] = ()) -> list[Contact]:
    return [
        Contact(id=f"c{at}", first_name=name, favourite=name in favourites) for at, name in enumerate(names)
    ]


def names(found: list[Contact]) -> list[str]:
    return [contact.first_name for contact in found]


@pytest.mark.requirement("V26")
@given(NAMES, LANGUAGES)
def test_every_contact_is_found_by_exactly_one_letter(found: list[str], language: Language) -> None:
    """Whatever the names are written in, or whether there are any."""
    listed = contacts(*found)
    existing = letters(listed, language)
    assert len(set(existing)) == len(existing)
    by_letter = [contact for letter in existing for contact in with_letter(listed, letter, language)]
    assert sorted(each.id for each in by_letter) == sorted(each.id for each in listed)
    assert all(with_letter(listed, letter, language) for letter in existing)
    assert all(len(letter) == 1 for letter in existing)


@pytest.mark.requirement("V26")
@given(NAMES, LANGUAGES)
def test_nobody_is_lost_by_the_order_and_favourites_are_first(found: list[str], language: Language) -> None:
    """Few keep the desk's order; of many the others are by name."""
    listed = contacts(*found, favourites=tuple(found[:2]))
    ordered = in_order(listed, language)
    assert sorted(each.id for each in ordered) == sorted(each.id for each in listed)
    assert [each.favourite for each in ordered] == sorted((each.favourite for each in listed), reverse=True)
    if not are_many(listed):
        others = [each for each in listed if not each.favourite]
        assert [each for each in ordered if not each.favourite] == others


@pytest.mark.parametrize(
    ("language", "order"),
    [("fi", "ÉAZÅÄÖ"), ("sv", "AÉZÅÄÖ"), ("da", "AÉZÆØÅ"), ("en", "AÉZ")],
)
def test_letters_are_in_the_order_of_the_language(language: Language, order: str) -> None:
    """Å, Ä, Ö and Æ, Ø, Å are letters of their own at home, and É is an E everywhere."""
    found = letters(contacts(*reversed(order)), language)
    plain = [letter for letter in order if letter != "É"]
    assert [letter for letter in found if letter != "E"] == plain
    assert "E" in found


def test_a_name_in_another_alphabet_or_without_letters_is_found_too() -> None:
    """After the letters of the language; figures and missing names last."""
    assert letters(contacts("Ольга", "", "Aino", "4 B"), "fi") == ["A", "\u041e", "#"]
    assert first_letter(contacts(unicodedata.normalize("NFD", "Åke"))[0], "sv") == "Å"
    assert first_letter(Contact(id="1", last_name="Korhonen"), "fi") == "K"


@pytest.mark.requirement("V26")
def test_a_letter_leads_to_its_people_and_then_home() -> None:
    """From all people to the letters, to one letter; the letters are offered there again."""
    story = Story.of_aino()
    many = contacts(*(f"{letter}na" for letter in "ABCDEFGHIJKLMN"), "Eero")
    story.tell(DocumentArrived(name="view", document=View(version=2, elements=Elements(relatives=True))))
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=many)))
    story.tell(Intended(intent=OpenPage("people")))
    page = story.screen().page
    assert isinstance(page, PeoplePage)
    assert page.letters is not None
    story.tell(Intended(intent=page.letters.intent))
    offered = story.screen().page
    assert isinstance(offered, LettersPage)
    assert [button.words for button in offered.letters] == list("ABCDEFGHIJKLMN")
    story.tell(Intended(intent=OpenLetter("E")))
    chosen = story.screen().page
    assert isinstance(chosen, PeoplePage)
    assert [face.name for face in chosen.faces] == ["Eero", "Ena"]
    assert chosen.title == "E"
    assert chosen.letters == page.letters
    story.tell(Intended(intent=chosen.back.intent))
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("V26")
def test_few_contacts_need_no_letters() -> None:
    """Nothing more to choose from than needed; a letter whose people are gone leads to all."""
    story = Story.of_aino()
    few = contacts(*(f"Aino {number}" for number in range(MOST_WITHOUT_LETTERS)))
    story.tell(DocumentArrived(name="view", document=View(version=2, elements=Elements(relatives=True))))
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=few)))
    story.tell(Intended(intent=OpenLetter("Z")))
    page = story.screen().page
    assert isinstance(page, PeoplePage)
    assert page.letters is None
    assert len(page.faces) == len(few)
    story.tell(Intended(intent=OpenPage("letters")))
    assert isinstance(story.screen().page, Home)
