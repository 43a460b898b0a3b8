"""The view that both sides show: the same documents and the same six photos, and edits to push."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PIL import Image, ImageDraw

from device.contract.documents import (
    Cafe,
    Calendar,
    Contact,
    Document,
    Elements,
    Occurrence,
    People,
    Policy,
    Presence,
    Resident,
    Theme,
    View,
)
from device.contract.hours import OpeningHours

NAMES = ("Marjatta", "Pekka", "Elli", "Reijo", "Tuuli", "Mikko")
TITLES = (
    "Fysioterapia",
    "Lounas ruokasalissa",
    "Yhteislaulu",
    "Jalkahoito",
    "Päiväkahvit",
    "Ulkoilu pihalla",
)
OTHER_TITLE = "Kirjastoauto"
ON_THE_HOME_PAGE = 2
WHOLE_VIEW = Elements(
    cafe=True, relatives=True, urgent_call=True, calendar=True, mute=True, clock=True, date=True
)
TIME_ZONE = "Europe/Helsinki"
PHOTO_PX = 600


def photo(index: int) -> bytes:
    """A face of sorts, as large as a telephone's picture after the desk has made it smaller."""
    picture = Image.linear_gradient("L").resize((PHOTO_PX, PHOTO_PX)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    hue = tuple(90 + (index * step) % 150 for step in (37, 71, 113))
    draw.ellipse((120, 90, 480, 510), fill=hue)
    draw.ellipse((210, 230, 250, 270), fill=(30, 30, 30))
    draw.ellipse((350, 230, 390, 270), fill=(30, 30, 30))
    draw.arc((220, 300, 380, 420), 20, 160, fill=(120, 20, 20), width=12)
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def photos() -> dict[str, bytes]:
    """Six photos by their digest."""
    pictures = [photo(index) for index in range(len(NAMES))]
    return {hashlib.sha256(data).hexdigest(): data for data in pictures}


def contacts(count: int) -> list[Contact]:
    """People with photos, each photo as often as needed."""
    digests = list(photos())
    presences: tuple[Presence, ...] = ("available", "busy", "away")
    return [
        Contact(
            id=f"contact-{index}",
            first_name=NAMES[index % 6] if index < 6 else f"{NAMES[index % 6]} {index}",
            favourite=index < ON_THE_HOME_PAGE,
            presence=presences[index % 3],
            photo=digests[index % 6],
        )
        for index in range(count)
    ]


def appointments(count: int, today: date) -> list[Occurrence]:
    """One of all day today, five tomorrow, and the rest on the days after: six rows to see."""

    def starts(index: int) -> datetime:
        day = 0 if index == 0 else 1 if index < 6 else 2 + (index - 6) // 5
        return datetime.combine(today, datetime.min.time()) + timedelta(days=day, hours=9 + index % 6)

    return [
        Occurrence(
            id=f"appointment-{index}",
            title=TITLES[index % 6],
            starts=starts(index).isoformat(timespec="minutes"),
            all_day=index == 0,
        )
        for index in range(count)
    ]


@dataclass
class Documents:
    """What should be on the screen now; every edit is the next version of one document."""

    today: date = field(default_factory=lambda: datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date())
    version: int = 1

    def __post_init__(self) -> None:
        self.view = View(version=1, elements=WHOLE_VIEW, time_zone=TIME_ZONE, theme=Theme(mode="day"))
        self.people = People(version=1, resident=Resident(first_name="Aino"), contacts=contacts(6))
        hours = OpeningHours(days=[1, 2, 3, 4, 5, 6, 7], opens="00:00", closes="00:00")
        self.calendar = Calendar(
            version=1,
            occurrences=appointments(6, self.today),
            cafe=Cafe(name="Koivu", hours=[hours]),
        )
        self.policy = Policy(version=1)

    def everything(self) -> Iterator[tuple[Document, View | People | Calendar | Policy]]:
        """Yield all four documents with their names."""
        yield "view", self.view
        yield "people", self.people
        yield "calendar", self.calendar
        yield "policy", self.policy

    def with_contacts(self, count: int) -> People:
        """So many people around the resident."""
        self.people = replace(self.people, version=self._next(), contacts=contacts(count))
        return self.people

    def with_appointments(self, count: int) -> Calendar:
        """Return a calendar with so many appointments."""
        listed = appointments(count, self.today)
        self.calendar = replace(self.calendar, version=self._next(), occurrences=listed)
        return self.calendar

    def retitle(self, title: str, index: int = 0) -> Calendar:
        """The appointment of today, which the home page shows, is called something else."""
        listed = list(self.calendar.occurrences)
        listed[index] = replace(listed[index], title=title)
        self.calendar = replace(self.calendar, version=self._next(), occurrences=listed)
        return self.calendar

    def presence(self, presence: Presence, index: int = 0) -> People:
        """A relative can be reached, or not."""
        listed = list(self.people.contacts)
        listed[index] = replace(listed[index], presence=presence)
        self.people = replace(self.people, version=self._next(), contacts=listed)
        return self.people

    def cafe_shown(self, *, is_shown: bool) -> View:
        """An element is switched on, or off."""
        elements = replace(self.view.elements, cafe=is_shown)
        self.view = replace(self.view, version=self._next(), elements=elements)
        return self.view

    def _next(self) -> int:
        self.version += 1
        return self.version
