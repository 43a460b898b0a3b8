"""The resident's contacts, as faces (V3, V4, V14, V15, V26)."""

import unicodedata
from collections.abc import Callable
from typing import Literal

from device.contract.documents import Contact
from device.rules.calm import is_help_wanted
from device.screen.scene import Scene
from device.screen.telephone import spaced
from device.window_protocol.intents import OpenPage, OpenPerson, PlaceCall
from device.window_protocol.model import Button, Face, PeoplePage, PersonPage, Relatives

# The number of places on the home page.
MOST_ON_HOME = 3

PhotoOf = Callable[[str], str | None]


def relatives(scene: Scene, photo_of: PhotoOf) -> Relatives | None:
    """Return the first contacts for the home page, and a button for all."""
    if not scene.view.elements.relatives:
        return None
    contacts, words = _sorted(scene), scene.words
    everybody = Button(words=words("All people"), icon="people", intent=OpenPage("people"))
    return Relatives(
        faces=[face(scene, contact, photo_of) for contact in contacts[:MOST_ON_HOME]],
        words="" if contacts else words("No contacts have been added yet."),
        all=everybody if len(contacts) > MOST_ON_HOME else None,
    )


def people_page(scene: Scene, photo_of: PhotoOf, visits: Button | None) -> PeoplePage | None:
    """Return all contacts; None where the view hides them."""
    if not scene.view.elements.relatives:
        return None
    words = scene.words
    return PeoplePage(
        title=words("Your people"),
        faces=[face(scene, contact, photo_of) for contact in _sorted(scene)],
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
        visits=visits,
    )


def _sorted(scene: Scene) -> list[Contact]:
    """Return favourites first, else the desk's order."""
    people = scene.state.documents.people
    return sorted(people.contacts, key=lambda contact: not contact.favourite) if people else []


def face(scene: Scene, contact: Contact, photo_of: PhotoOf) -> Face:
    """Return one contact. Without a link availability is unknown, and shown as such."""
    presence, presence_words = _presence(scene, contact)
    return Face(
        name=_name(scene, contact),
        initials=initials(contact.first_name, contact.last_name),
        presence=presence,
        presence_words=presence_words,
        intent=OpenPerson(contact.id),
        photo=photo_of(contact.photo) if contact.photo else None,
        favourite=contact.favourite,
    )


def somebody_else(scene: Scene, contact_id: str) -> Contact | None:
    """Return the first other contact on the list who is available."""
    others = (contact for contact in _sorted(scene) if contact.id != contact_id)
    return next((each for each in others if each.presence in ("available", "can-be-rung")), None)


def _last_here(scene: Scene, contact: Contact) -> str:
    """Return when an unavailable contact was last there: the time, or the date of an earlier day (K15)."""
    if contact.presence != "away" or contact.last_here is None or not scene.connected:
        return ""
    local = contact.last_here.astimezone(scene.zone)
    is_today = local.date() == scene.today
    when = scene.words.time(local) if is_today else scene.words.date(local)
    return scene.words("Last here {when}", when=when)


def _presence(scene: Scene, contact: Contact) -> tuple[Literal["available", "busy", "away"], str]:
    words = scene.words
    if not scene.connected:
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


def person_page(scene: Scene, photo_of: PhotoOf) -> PersonPage | None:
    """Return the page of one contact; None once they are no longer on the list (V8)."""
    people = scene.state.documents.people
    wanted = scene.state.place.contact_id
    contact = next((each for each in people.contacts if each.id == wanted), None) if people else None
    if contact is None:
        return None
    number = spaced(contact.phone, scene.view.time_zone) if contact.phone else ""
    phone = scene.words("Telephone {number}", number=number) if number else ""
    hindrance = _hindrance(scene)
    call = Button(words=scene.words("Call"), icon="call", intent=PlaceCall(contact.id))
    return PersonPage(
        face=face(scene, contact, photo_of),
        lines=[line for line in (_last_here(scene, contact), contact.relation, phone, hindrance) if line],
        back=Button(words=scene.words("Back"), icon="home", intent=OpenPage("home")),
        call=None if hindrance else call,
    )


def _hindrance(scene: Scene) -> str:
    """Return why nobody can be called now; empty where calls are possible."""
    if is_help_wanted(scene.state):
        return scene.words("You can call again when your call for help is over.")
    return "" if scene.connected else scene.words("There is no connection now: it is not possible to call.")


def _name(scene: Scene, contact: Contact) -> str:
    name = f"{contact.first_name} {contact.last_name}".strip()
    return name or scene.words("Name missing")


def initials(*names: str) -> str:
    """Return the first letters of the names, each with its combining marks."""
    return "".join(_first_letter(name) for name in names).upper() or "?"


def _first_letter(name: str) -> str:
    letters = unicodedata.normalize("NFC", name.strip())
    marks = 1
    while marks < len(letters) and unicodedata.combining(letters[marks]):
        marks += 1
    return letters[:marks]
