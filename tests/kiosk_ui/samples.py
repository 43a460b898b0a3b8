"""Screens in four languages, as the core would send them: what the tests of the window draw."""

from collections.abc import Iterable
from typing import Literal

from device.screen.intents import OpenPage, OpenPerson, PressHelp, ToggleMute, WishCallBack
from device.screen.model import (
    Agenda,
    AgendaDay,
    AgendaEntry,
    Button,
    CafePage,
    CafeTile,
    Clock,
    DayWords,
    Face,
    HelpButton,
    HelpPage,
    HelpState,
    Home,
    NoticePage,
    Page,
    PersonPage,
    Relatives,
    Screen,
    Step,
    Style,
)

Language = Literal["fi", "sv", "da", "en"]
ELEMENTS = ("clock", "date", "agenda", "cafe", "relatives", "mute", "force_call")

W: dict[Language, dict[str, str]] = {
    "fi": {
        "help": "Apua",
        "time": "13.45",
        "day": "lauantai-iltapäivä",
        "date": "22. marraskuuta 2025",
        "today": "Tänään",
        "tomorrow": "Huomenna",
        "next": "Seuraavaksi",
        "past": "ohi",
        "none": "Ei muuta sovittua",
        "cafe": "Kahvila",
        "open": "Auki kello 16 asti",
        "closed": "Aukeaa kello 13",
        "people": "Omaiset",
        "available": "Tavoitettavissa",
        "busy": "Varattu",
        "away": "Poissa",
        "more": "Lisää",
        "fewer": "Takaisin",
        "mute": "Ääni pois",
        "muted": "Ääni on pois",
        "urgent": "Soittopyyntö",
        "home": "Alkuun",
        "lost": "Näyttö ei ole nyt ajan tasalla. Jos tarvitset apua, paina punaista nappia seinällä.",
        "notice": "Ei yhteyttä. Tiedot ovat kello 8.10 ajalta.",
        "watched": "Hoitaja Anna katsoo huoneeseen.",
        "nobody": "Ei vielä ketään.",
        "a1": "Fysioterapia",
        "a2": "Lounas ruokasalissa",
        "a3": "Lääkkeiden jako",
        "a4": "Yhteislaulu ja päiväkahvit",
        "p1": "2. kerros",
        "p2": "Ruokasali",
        "asked": "Apua on pyydetty",
        "got": "Hoitokoti on saanut pyynnön",
        "coming": "Anna on tulossa",
        "arrive": "Anna on perillä",
        "stay": "Pysy rauhassa paikallasi. Apu on matkalla.",
    },
    "sv": {
        "help": "Hjälp",
        "time": "13.45",
        "day": "lördag eftermiddag",
        "date": "22 november 2025",
        "today": "I dag",
        "tomorrow": "I morgon",
        "next": "Härnäst",
        "past": "förbi",
        "none": "Inget mer inbokat",
        "cafe": "Kafé",
        "open": "Öppet till klockan 16",
        "closed": "Öppnar klockan 13",
        "people": "Anhöriga",
        "available": "Går att nå",
        "busy": "Upptagen",
        "away": "Borta",
        "more": "Fler",
        "fewer": "Tillbaka",
        "mute": "Ljud av",
        "muted": "Ljudet är av",
        "urgent": "Be om samtal",
        "home": "Till början",
        "lost": "Skärmen är inte aktuell just nu. Tryck på den röda knappen på väggen om du behöver hjälp.",
        "notice": "Ingen förbindelse. Uppgifterna är från klockan 8.10.",
        "watched": "Sköterskan Anna tittar in.",
        "nobody": "Ingen ännu.",
        "a1": "Fysioterapi",
        "a2": "Lunch i matsalen",
        "a3": "Medicinutdelning",
        "a4": "Allsång och eftermiddagskaffe",
        "p1": "Våning 2",
        "p2": "Matsalen",
        "asked": "Hjälp har begärts",
        "got": "Vårdhemmet har fått din begäran",
        "coming": "Anna är på väg",
        "arrive": "Anna är här",
        "stay": "Stanna lugnt där du är. Hjälpen är på väg.",
    },
    "da": {
        "help": "Hjælp",
        "time": "13.45",
        "day": "lørdag eftermiddag",
        "date": "22. november 2025",
        "today": "I dag",
        "tomorrow": "I morgen",
        "next": "Det næste",
        "past": "forbi",
        "none": "Ikke flere aftaler",
        "cafe": "Café",
        "open": "Åben til klokken 16",
        "closed": "Åbner klokken 13",
        "people": "Pårørende",
        "available": "Kan træffes",
        "busy": "Optaget",
        "away": "Væk",
        "more": "Flere",
        "fewer": "Tilbage",
        "mute": "Lyd fra",
        "muted": "Lyden er slået fra",
        "urgent": "Bed om opkald",
        "home": "Til start",
        "lost": "Skærmen er ikke opdateret lige nu. Tryk på den røde knap på væggen, hvis du vil have hjælp.",
        "notice": "Ingen forbindelse. Oplysningerne er fra klokken 8.10.",
        "watched": "Sygeplejerske Anna kigger ind.",
        "nobody": "Ingen endnu.",
        "a1": "Fysioterapi",
        "a2": "Frokost i spisesalen",
        "a3": "Uddeling af medicin",
        "a4": "Fællessang og eftermiddagskaffe",
        "p1": "2. sal",
        "p2": "Spisesalen",
        "asked": "Der er bedt om hjælp",
        "got": "Plejehjemmet har fået din besked",
        "coming": "Anna er på vej",
        "arrive": "Anna er her",
        "stay": "Bliv roligt, hvor du er. Hjælpen er på vej.",
    },
    "en": {
        "help": "Help",
        "time": "1:45 pm",
        "day": "Saturday afternoon",
        "date": "22 November 2025",
        "today": "Today",
        "tomorrow": "Tomorrow",
        "next": "Next",
        "past": "over",
        "none": "Nothing more planned",
        "cafe": "Café",
        "open": "Open until 4 pm",
        "closed": "Opens at 1 pm",
        "people": "Family",
        "available": "Available",
        "busy": "Busy",
        "away": "Away",
        "more": "More",
        "fewer": "Back",
        "mute": "Sound off",
        "muted": "Sound is off",
        "urgent": "Ask for a call",
        "home": "Home",
        "lost": "This screen is not up to date just now. If you need help, press the red button on the wall.",
        "notice": "No connection. This is from 8:10 am.",
        "watched": "Nurse Anna is looking in.",
        "nobody": "Nobody yet.",
        "a1": "Physiotherapy",
        "a2": "Lunch in the dining room",
        "a3": "Medicines",
        "a4": "Singing together and coffee",
        "p1": "2nd floor",
        "p2": "Dining room",
        "asked": "Help was asked for",
        "got": "The care home has your request",
        "coming": "Anna is on her way",
        "arrive": "Anna is here",
        "stay": "Stay calmly where you are. Help is on its way.",
    },
}

NAMES = (
    "Marjatta",
    "Anna-Liisa Virtanen",
    "Pekka",
    "Åke Söderström",
    "Ida",
    "Mikko Mäkinen",
    "Elli",
    "Reijo",
    "Tuuli",
)
ODD_NAMES = (
    "X",
    "Wolfeschlegelsteinhausenbergerdorff-Maximiliane von Hohenberg",
    "Мария Иванова",
    "فاطمة الزهراء",
    "Ана 👵🏻",
    "[b]Bob[/b] & <Eve> #@'",
)


def person(name: str, words: dict[str, str], index: int = 0, photo: str | None = None) -> Face:
    presence: Literal["available", "busy", "away"] = ("available", "busy", "away")[index % 3]
    return Face(
        name=name,
        initials="".join(part[0] for part in name.split()[:2]).upper(),
        presence=presence,
        presence_words=words[presence],
        intent=OpenPerson(f"contact-{index}"),
        photo=photo,
        favourite=index == 0,
    )


def home(
    language: Language = "fi",
    elements: Iterable[str] = ELEMENTS,
    names: Iterable[str] = NAMES[:4],
    *,
    photos: tuple[str | None, ...] = (),
    muted: bool = False,
    age: str = "",
) -> Home:
    words = W[language]
    faces = [
        person(name, words, index, photos[index] if index < len(photos) else None)
        for index, name in enumerate(names)
    ]
    today = [
        AgendaEntry(time="9.00", title=words["a3"], state="past", state_words=words["past"]),
        AgendaEntry(
            time="14.15", title=words["a1"], place=words["p1"], state="next", state_words=words["next"]
        ),
        AgendaEntry(time="16.30", title=words["a4"], place=words["p2"]),
    ]
    tomorrow = [AgendaEntry(time="12.00", title=words["a2"], place=words["p2"])]
    everything = {
        "clock": Clock(time=words["time"]),
        "date": DayWords(day=words["day"], date=words["date"]),
        "agenda": Agenda(
            days=[
                AgendaDay(title=words["today"], entries=today),
                AgendaDay(title=words["tomorrow"], entries=tomorrow),
            ],
            age_words=age,
        ),
        "cafe": CafeTile(name=words["cafe"], words=words["open"], open=True, intent=OpenPage("cafe")),
        "relatives": Relatives(
            title=words["people"],
            faces=faces,
            words=words["nobody"],
            more=words["more"],
            fewer=words["fewer"],
        ),
        "mute": Button(words=words["muted" if muted else "mute"], icon="mute", intent=ToggleMute(), on=muted),
        "force_call": Button(words=words["urgent"], icon="urgent", intent=WishCallBack()),
    }
    return Home(**{name: everything[name] for name in elements})  # type: ignore[arg-type]


def screen(
    page: Page,
    language: Language = "fi",
    *,
    revision: int = 1,
    style: Style | None = None,
    notice: str = "",
    watched: str = "",
    help_state: HelpState = "idle",
    help_words: str = "",
) -> Screen:
    words = W[language]
    help_button = HelpButton(words=help_words or words["help"], intent=PressHelp(), state=help_state)
    return Screen(
        revision=revision,
        style=style or Style(language=language),
        page=page,
        help=None if isinstance(page, NoticePage) else help_button,
        notice=notice,
        watched=watched,
        lost_words=words["lost"],
    )


def back(language: Language) -> Button:
    return Button(words=W[language]["home"], icon="home", intent=OpenPage("home"))


def help_page(language: Language, state: HelpState) -> HelpPage:
    words = W[language]
    order = ("sending", "received", "coming", "here")
    at = order.index(state) if state in order else 0
    texts = (words["asked"], words["got"], words["coming"], words["arrive"])
    steps = [
        Step(words=text, state="done" if index < at else "now" if index == at else "ahead")
        for index, text in enumerate(texts)
    ]
    return HelpPage(headline=texts[at], words=words["stay"], state=state, steps=steps, back=back(language))


def person_page(
    language: Language, name: str = "Anna-Liisa Virtanen", photo: str | None = None
) -> PersonPage:
    words = W[language]
    lines = [words["next"] + ": 18.00"]
    return PersonPage(face=person(name, words, 0, photo), lines=lines, back=back(language))


def cafe_page(language: Language, *, is_open: bool = True) -> CafePage:
    words = W[language]
    lines = [f"{day} 13–16" for day in (words["today"], words["tomorrow"], "24.11.", "25.11.")]
    return CafePage(
        title=words["cafe"],
        words=words["open" if is_open else "closed"],
        open=is_open,
        lines=lines,
        back=back(language),
    )


def notice_page(language: Language) -> NoticePage:
    words = W[language]
    return NoticePage(headline=words["none"], words=words["stay"], icon="clock")
