"""The resident's contacts, as faces (V3, V4, V14, V15, V26)."""

import unicodedata
from collections.abc import Callable
from typing import Literal

from device.contract.documents import Contact
from device.rules import contacts
from device.rules.calm import is_help_wanted
from device.screen.page_context import PageContext
from device.screen.telephone import spaced
from device.window_protocol.intents import OpenLetter, OpenPage, OpenPerson, PlaceCall
from device.window_protocol.model import Button, Face, LettersPage, PeoplePage, PersonPage, Relatives

# The number of places on the home page.
MOST_ON_HOME = 3

PhotoOf = Callable[[str], str | None]


def relatives(context: PageContext, photo_of: PhotoOf) -> Relatives | None:
    """Return the first contacts for the home page, and a button for all."""
    if not context.view.elements.relatives:
        return None
    listed, words = _sorted(context), context.words
    everybody = Button(words=words("All people"), icon="people", intent=OpenPage("people"))
    return Relatives(
        faces=[face(context, contact, photo_of) for contact in listed[:MOST_ON_HOME]],
        words="" if listed else words("No contacts have been added yet."),
        all=everybody if len(listed) > MOST_ON_HOME else None,
    )


def people_page(context: PageContext, photo_of: PhotoOf, visits: Button | None) -> PeoplePage | None:
    """Return all contacts, or those of the chosen letter; None where the view hides them."""
    if not context.view.elements.relatives:
        return None
    words, letter, everybody = context.words, context.state.navigation.letter, _sorted(context)
    chosen = contacts.with_letter(everybody, letter, context.view.language) if letter else []
    by_letter = Button(words=words("By letter"), icon="letters", intent=OpenPage("letters"))
    return PeoplePage(
        title=letter if chosen else words("Your people"),
        faces=[face(context, contact, photo_of) for contact in chosen or everybody],
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
        letters=by_letter if contacts.are_many(everybody) else None,
        visits=None if chosen else visits,
    )


def letters_page(context: PageContext) -> LettersPage | None:
    """Return the letters that exist; None where contacts are hidden or few."""
    everybody, words = _sorted(context), context.words
    if not context.view.elements.relatives or not contacts.are_many(everybody):
        return None
    return LettersPage(
        title=words("First letter of the name"),
        letters=[
            Button(words=letter, icon="person", intent=OpenLetter(letter))
            for letter in contacts.letters(everybody, context.view.language)
        ],
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
    )


def _sorted(context: PageContext) -> list[Contact]:
    people = context.state.documents.people
    return contacts.in_order(people.contacts, context.view.language) if people else []


def face(context: PageContext, contact: Contact, photo_of: PhotoOf) -> Face:
    """Return one contact. Without a link availability is unknown, and shown as such."""
    presence, presence_words = _presence(context, contact)
    return Face(
        name=_name(context, contact),
        initials=initials(contact.first_name, contact.last_name),
        presence=presence,
        presence_words=presence_words,
        intent=OpenPerson(contact.id),
        photo=photo_of(contact.photo) if contact.photo else None,
        favourite=contact.favourite,
    )


def somebody_else(context: PageContext, contact_id: str) -> Contact | None:
    """Return the first other contact on the list who is available."""
    others = (contact for contact in _sorted(context) if contact.id != contact_id)
    return next((each for each in others if each.presence in ("available", "can-be-rung")), None)


def _last_here(context: PageContext, contact: Contact) -> str:
    """Return when an unavailable contact was last there: the time, or the date of an earlier day (K15)."""
    if contact.presence != "away" or contact.last_here is None or not context.connected:
        return ""
    local = contact.last_here.astimezone(context.zone)
    is_today = local.date() == context.today
    when = context.words.time(local) if is_today else context.words.date(local)
    return context.words("Last here {when}", when=when)


def _presence(context: PageContext, contact: Contact) -> tuple[Literal["available", "busy", "away"], str]:
    words = context.words
    if not context.connected:
        return "away", words("Not known")
    match contact.presence:
        case "available":
            return "available", words("Available")
        case "can-be-rung":
            return "available", words("Can be rung")
        case "busy":
            return "busy", words("Busy")
        case "away":
            return "away", words("Away")


def person_page(context: PageContext, photo_of: PhotoOf) -> PersonPage | None:
    """Return the page of one contact; None once they are no longer on the list (V8)."""
    people = context.state.documents.people
    wanted = context.state.navigation.contact_id
    contact = next((each for each in people.contacts if each.id == wanted), None) if people else None
    if contact is None:
        return None
    number = spaced(contact.phone, context.view.time_zone) if contact.phone else ""
    phone = context.words("Telephone {number}", number=number) if number else ""
    hindrance = _hindrance(context)
    call = Button(words=context.words("Call"), icon="call", intent=PlaceCall(contact.id))
    return PersonPage(
        face=face(context, contact, photo_of),
        lines=[line for line in (_last_here(context, contact), contact.relation, phone, hindrance) if line],
        back=Button(words=context.words("Back"), icon="home", intent=OpenPage("home")),
        call=None if hindrance else call,
    )


def _hindrance(context: PageContext) -> str:
    """Return why nobody can be called now; empty where calls are possible."""
    if is_help_wanted(context.state):
        return context.words("You can call again when your call for help is over.")
    return (
        "" if context.connected else context.words("There is no connection now: it is not possible to call.")
    )


def _name(context: PageContext, contact: Contact) -> str:
    name = f"{contact.first_name} {contact.last_name}".strip()
    return name or context.words("Name missing")


def initials(*names: str) -> str:
    """Return the first letters of the names, each with its combining marks."""
    return "".join(_first_letter(name) for name in names).upper() or "?"


def _first_letter(name: str) -> str:
    letters = unicodedata.normalize("NFC", name.strip())
    marks = 1
    while marks < len(letters) and unicodedata.combining(letters[marks]):
        marks += 1
    return letters[:marks]
