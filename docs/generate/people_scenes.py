"""Scenes of somebody with forty contacts: the first page, the letters, and the people of one letter."""

from collections.abc import Iterator

from msgspec.structs import replace

from device.contract.documents import Contact, People
from device.rules.state import Navigation, State

_FIRST_NAMES = (
    "Aila Airi Antti Anu Arto Eero Eija Elina Erkki Esa Hannu Helena Ilkka Irma Jari Juha Kaija Kari Kirsi",
    "Lasse Liisa Marja Matti Minna Olli Outi Paavo Pirkko Raija Risto Tuula Veikko Åke Örjan",
)


def people_scenes(home: State) -> Iterator[tuple[str, State]]:
    """Name and state; the sample's own contacts are the first of the forty."""
    people = home.documents.people
    assert people
    others = [
        Contact(id=f"other-{number}", first_name=name, last_name="Virtanen", presence="away")
        for number, name in enumerate(" ".join(_FIRST_NAMES).split())
    ]
    many = People(version=1, resident=people.resident, contacts=[*others, *people.contacts])
    forty = replace(home, documents=replace(home.documents, people=many))
    yield "people-forty", replace(forty, navigation=Navigation(page="people"))
    yield "people-letters", replace(forty, navigation=Navigation(page="letters"))
    yield "people-letter", replace(forty, navigation=Navigation(page="people", letter="E"))
