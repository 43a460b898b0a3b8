"""Screens in four languages, as the core would send them: what the tests of the window draw."""

from collections.abc import Iterable
from typing import Literal

from device.contract.values import Language
from device.window_protocol.intents import (
    AnswerCall,
    ForgetMissed,
    HangUp,
    OpenPage,
    OpenPerson,
    PlaceCall,
    PressHelp,
    RefuseCall,
    RequestUrgentCall,
)
from device.window_protocol.model import (
    AgendaDay,
    AgendaEntry,
    Button,
    CafePage,
    CafeTile,
    CallPage,
    Clock,
    DayWords,
    Face,
    HelpButton,
    HelpPage,
    HelpState,
    Home,
    NoticePage,
    Page,
    PeoplePage,
    PersonPage,
    Relatives,
    Screen,
    Step,
    Style,
    TodayPage,
    TodayTile,
    Visit,
    VisitsPage,
)

ELEMENTS = ("clock", "date", "today", "cafe", "relatives", "mute", "urgent_call")
NEWS = ("missed", "visits")
CALLS = ("ringing", "calling", "connected", "picture", "poor", "countdown", "forced", "forced picture")

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
        "available": "Tavattavissa",
        "busy": "Varattu",
        "away": "Poissa",
        "everybody": "Kaikki henkilöt",
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
        "ring": "{name} soittaa",
        "dial": "Soitetaan: {name}",
        "answer": "Vastaa",
        "not_now": "Ei nyt",
        "hang_up": "Lopeta puhelu",
        "sure": "Paina uudelleen",
        "call": "Soita",
        "missed": "Pekka Mäkinen soitti",
        "missed_at": "Tänään kello 13.05",
        "visits": "Kuka katsoi luokseni",
        "opens": "Hoitaja Anna Virtanen avaa kuvayhteyden huoneeseesi",
        "why": "Syy: et ole vastannut puheluihin tänään.",
        "looks": "Hoitaja Anna näkee ja kuulee huoneesi",
        "poor": "Kuva on heikko. Ääni kuuluu.",
        "ends": "Puhelu päättyy minuutin kuluttua.",
        "relation": "Tytär",
        "visits_title": "Kuka on katsonut huoneeseeni",
        "when": "lauantaina 21. marraskuuta kello 14.10",
        "outcome": "Katsoi 4 minuuttia",
        "refused": "Vastasit: ei nyt",
        "no_visits": "Kukaan ei ole katsonut huoneeseesi.",
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
        "everybody": "Alla personer",
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
        "ring": "{name} ringer",
        "dial": "Ringer: {name}",
        "answer": "Svara",
        "not_now": "Inte nu",
        "hang_up": "Avsluta samtalet",
        "sure": "Tryck en gång till",
        "call": "Ring upp",
        "missed": "Pekka Mäkinen ringde",
        "missed_at": "I dag klockan 13.05",
        "visits": "Vem tittade in till mig",
        "opens": "Sköterskan Anna Virtanen öppnar en bildförbindelse till ditt rum",
        "why": "Orsak: du har inte svarat på samtal i dag.",
        "looks": "Sköterskan Anna ser och hör ditt rum",
        "poor": "Bilden är dålig. Ljudet hörs.",
        "ends": "Samtalet slutar om en minut.",
        "relation": "Dotter",
        "visits_title": "Vem som har tittat in till mig",
        "when": "lördag 21 november klockan 14.10",
        "outcome": "Tittade in i 4 minuter",
        "refused": "Du svarade: inte nu",
        "no_visits": "Ingen har tittat in i ditt rum.",
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
        "everybody": "Alle personer",
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
        "ring": "{name} ringer",
        "dial": "Ringer op: {name}",
        "answer": "Svar",
        "not_now": "Ikke nu",
        "hang_up": "Afslut opkaldet",
        "sure": "Tryk en gang til",
        "call": "Ring op",
        "missed": "Pekka Mäkinen ringede",
        "missed_at": "I dag klokken 13.05",
        "visits": "Hvem kiggede ind til mig",
        "opens": "Sygeplejerske Anna Virtanen åbner en billedforbindelse til dit værelse",
        "why": "Grund: du har ikke besvaret opkald i dag.",
        "looks": "Sygeplejerske Anna kan se og høre dit værelse",
        "poor": "Billedet er dårligt. Lyden kan høres.",
        "ends": "Opkaldet slutter om et minut.",
        "relation": "Datter",
        "visits_title": "Hvem der har kigget ind til mig",
        "when": "lørdag den 21. november klokken 14.10",
        "outcome": "Kiggede ind i 4 minutter",
        "refused": "Du svarede: ikke nu",
        "no_visits": "Ingen har kigget ind på dit værelse.",
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
        "everybody": "All people",
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
        "ring": "{name} is calling",
        "dial": "Calling {name}",
        "answer": "Answer",
        "not_now": "Not now",
        "hang_up": "End the call",
        "sure": "Press once more",
        "call": "Call",
        "missed": "Pekka Mäkinen called",
        "missed_at": "Today at 1:05 pm",
        "visits": "Who looked in on me",
        "opens": "Nurse Anna Virtanen will open a video call to your room",
        "why": "Reason: you have not answered calls today.",
        "looks": "Nurse Anna can see and hear your room",
        "poor": "The picture is poor. The sound is all right.",
        "ends": "The call ends in one minute.",
        "relation": "Daughter",
        "visits_title": "Who has looked in on me",
        "when": "Saturday 21 November at 2:10 pm",
        "outcome": "Looked in for 4 minutes",
        "refused": "You said: not now",
        "no_visits": "Nobody has looked in on you.",
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
    everybody = Button(words=words["everybody"], icon="people", intent=OpenPage("people"))
    everything = {
        "clock": Clock(time=words["time"]),
        "date": DayWords(day=words["day"], date=words["date"]),
        "today": TodayTile(
            label=words["next"], headline=f"14.15 {words['a1']}", detail=age, intent=OpenPage("today")
        ),
        "cafe": CafeTile(name=words["cafe"], words=words["open"], open=True, intent=OpenPage("cafe")),
        "relatives": Relatives(
            faces=faces[:3],
            words=words["nobody"],
            all=everybody if len(faces) > 3 else None,
        ),
        "mute": Button(
            words=words["muted" if muted else "mute"], icon="mute", intent=OpenPage("mute"), on=muted
        ),
        "urgent_call": Button(words=words["urgent"], icon="urgent", intent=RequestUrgentCall()),
        "missed": Button(
            words=words["missed"], detail=words["missed_at"], icon="call", intent=ForgetMissed()
        ),
        "visits": Button(words=words["visits"], icon="visits", intent=OpenPage("visits")),
    }
    shown = {("news" if name in NEWS else name): everything[name] for name in reversed(list(elements))}
    return Home(**shown, more=words["more"], words=words["nobody"])  # type: ignore[arg-type]


def today_page(language: Language = "fi", count: int = 6) -> TodayPage:
    """So many appointments today, the second one next; one tomorrow, none after that."""
    words = W[language]
    states = ("past", "next", *("later",) * count)
    entries = [
        AgendaEntry(
            time=f"{9 + number}.00",
            title=words[f"a{1 + number % 4}"],
            place=words[f"p{1 + number % 2}"],
            state=states[number],  # type: ignore[arg-type]
            state_words=words["next"] if number == 1 else "",
        )
        for number in range(count)
    ]
    days = [
        AgendaDay(title=f"{words['today']}, {words['date']}", entries=entries, words=words["none"]),
        AgendaDay(title=f"{words['tomorrow']}, {words['date']}", entries=entries[:1]),
        AgendaDay(title=words["date"], words=words["none"]),
    ]
    return TodayPage(
        days=days,
        today=words["today"],
        tomorrow=words["tomorrow"],
        fewer=words["fewer"],
        more=words["more"],
        back=back(language),
    )


def people_page(language: Language = "fi", count: int = 6, *, visited: bool = True) -> PeoplePage:
    words = W[language]
    visits = Button(words=words["visits"], icon="visits", intent=OpenPage("visits"))
    return PeoplePage(
        title=words["people"],
        faces=[person(NAMES[index % len(NAMES)], words, index) for index in range(count)],
        more=words["more"],
        fewer=words["fewer"],
        back=back(language),
        visits=visits if visited else None,
    )


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
        clock=words["time"],
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
    language: Language,
    name: str = "Anna-Liisa Virtanen",
    photo: str | None = None,
    *,
    callable_: bool = False,
) -> PersonPage:
    words = W[language]
    lines = [words["next"] + ": 18.00"]
    call = Button(words=words["call"], icon="call", intent=PlaceCall("contact-0")) if callable_ else None
    return PersonPage(face=person(name, words, 0, photo), lines=lines, back=back(language), call=call)


def call_page(
    language: Language,
    kind: str = "ringing",
    name: str = "Anna-Liisa Virtanen",
    *,
    photo: str | None = None,
    frames: str = "/nowhere/frames",
) -> CallPage:
    """``kind`` is one of ``CALLS``."""
    words, forced = W[language], kind in ("countdown", "forced", "forced picture")
    refuse = Button(words=words["not_now"], icon="hang-up", intent=RefuseCall("call"))
    hang_up = Button(words=words["hang_up"], icon="hang-up", intent=HangUp("call"))
    answer = Button(words=words["answer"], icon="call", intent=AnswerCall("call"))
    state: Literal["ringing", "calling", "countdown", "connected"] = "connected"
    headline, lines, buttons = name, [words["relation"]], [hang_up]
    if kind == "ringing":
        state, headline, buttons = "ringing", words["ring"].format(name=name), [answer, refuse]
    elif kind == "calling":
        state, headline = "calling", words["dial"].format(name=name)
    elif kind == "countdown":
        state, lines, buttons = "countdown", [words["why"], words["opens"]], [refuse]
    elif forced:
        headline, lines = words["looks"], [words["why"]]
    return CallPage(
        state=state,
        face=person(name, words, 0, photo),
        headline=headline,
        lines=lines,
        countdown="10" if kind == "countdown" else "",
        frames=frames if kind in ("picture", "poor", "forced picture") else "",
        notice=words["poor"] if kind == "poor" else "",
        forced=forced,
        buttons=buttons,
    )


def visits_page(language: Language, count: int) -> VisitsPage:
    words = W[language]
    visits = [
        Visit(
            when=words["when"],
            who=("Anna Virtanen", "Maximiliane von Hohenberg")[number % 2],
            why=words["why"],
            outcome=words["refused" if number % 3 == 2 else "outcome"],
        )
        for number in range(count)
    ]
    return VisitsPage(
        title=words["visits_title"],
        visits=visits,
        words=words["no_visits"],
        more=words["more"],
        fewer=words["fewer"],
        back=back(language),
    )


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
