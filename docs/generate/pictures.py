"""``make pictures``: every page of the resident's screen in four languages, drawn by the window's own code.

Writes ``build/pictures/<language>-<page>.png`` and, for other panels and sizes of text, a folder each; and
``report.md``, which counts what is wrong with them.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace
from PIL import Image, ImageOps

from cloud.desk.demo.people import RELATIVES
from cloud.desk.demo.portraits import portrait
from device.contract.alarm import AlarmReadiness, AlarmState
from device.contract.cafe import CAFE, CafeNow, Guest, Meeting
from device.contract.documents import (
    Cafe,
    Calendar,
    Contact,
    Elements,
    Occurrence,
    People,
    Policy,
    Resident,
    Theme,
    View,
)
from device.contract.events import CallLogged
from device.contract.help_progress import NotifiedContact, ReportHelpProgress
from device.contract.hours import OpeningHours
from device.contract.values import Language
from device.rules.calls.call import Call, Calls, ForcedCalls, Kind, Missed, Over, Particulars, Party
from device.rules.now import Now
from device.rules.state import (
    Documents,
    Link,
    Mute,
    Navigation,
    Press,
    RemoteView,
    Request,
    Requests,
    Sms,
    Stage,
    State,
    TextMessage,
)
from device.rules.tables.seat import Seat, SeatOver
from device.screen.compose import compose
from device.window_protocol.frames import FrameWriter
from device.window_protocol.model import Screen
from docs.generate import legibility
from docs.generate.message_scenes import message_scenes
from docs.generate.people_scenes import people_scenes
from docs.generate.queue_scenes import queue_scenes
from docs.generate.setup_scenes import installer_scenes, setup_scenes
from kiosk_ui.panel import Panel

Outcome = Literal["sent", "delivered", "failed"]
TEXT_SCALES = (1.0, 1.6)
FOLDER = Path("build/pictures")
FRAMES = FOLDER.resolve() / "photos" / "frames"
AFTERNOON = datetime(2026, 11, 21, 12, 2, tzinfo=UTC)
COFFEE_TIME = AFTERNOON + timedelta(minutes=80)
NIGHT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
ALL = Elements(
    cafe=True, relatives=True, urgent_call=True, calendar=True, mute=True, clock=True, date=True, queue=True
)

TITLES: dict[Language, tuple[str, str, str]] = {
    "fi": ("Ulkoilu Leenan kanssa", "Lääkäri", "Musiikkihetki"),
    "sv": ("Promenad med Leena", "Läkare", "Musikstund"),
    "da": ("Gåtur med Leena", "Læge", "Musik"),
    "en": ("A walk with Leena", "Doctor", "Music"),
}
REASONS: dict[Language, str] = {
    "fi": "Et ole vastannut aamulla etkä päivällä, ja huoneen ovi on auki.",
    "sv": "Du svarade varken på morgonen eller på dagen, och dörren står öppen.",
    "da": "Du svarede hverken om morgenen eller midt på dagen, og døren står åben.",
    "en": "You answered neither this morning nor at noon, and your door is open.",
}


def screens(photos: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """A name and a Screen (JSON) for each picture; ``photos`` leads from a digest to a file."""
    for language in get_args(Language):
        for page, state, wall, trusted in scenes(language):
            moment = Now(wall=wall, monotonic_s=100.0, trusted=trusted, id="picture")
            screen = compose(state, moment, photos.get).screen
            yield f"{language}-{page}", msgspec.json.encode(replace(screen, revision=1))
        for page, screen in setup_scenes(language, str(FRAMES)):
            yield f"{language}-{page}", msgspec.json.encode(replace(screen, revision=1))


def scenes(language: Language) -> Iterator[tuple[str, State, datetime, bool]]:
    """Every page and every state that people forget: name, state, wall time, whether the clock is trusted."""
    home = _home(language)
    # With the queue as the eighth element the page divides.
    seven = _viewed(home, elements=replace(ALL, queue=False))
    yield from (("home", seven, AFTERNOON, True), ("home-night", seven, NIGHT, True))
    yield "home-divided", home, AFTERNOON, True
    yield "home-contrast", _viewed(home, theme=Theme(high_contrast=True)), AFTERNOON, True
    yield "home-clock-only", _viewed(home, elements=Elements(clock=True, date=True)), AFTERNOON, True
    yield "home-simple", _viewed(home, profile="simple"), AFTERNOON, True
    yield from _mute(home)
    offline = replace(home, link=Link(connected=False, in_touch_at=datetime(2026, 11, 21, 6, 10, tzinfo=UTC)))
    yield "not-connected", offline, AFTERNOON, True
    yield "clock-unset", offline, AFTERNOON, False
    for name, state in installer_scenes(offline):
        yield name, state, AFTERNOON, True
    yield "watched", replace(home, remote_view=RemoteView(by="Anna", until_s=200.0)), AFTERNOON, True
    stages: tuple[Stage, ...] = get_args(Stage)
    for stage in stages:
        yield f"help-{stage}", _asking(home, stage), AFTERNOON, True
    yield from _waiting_for_help(home)
    for pressed in ("holding", "counting", "too-short", "cancelled"):
        press = Press(stage=pressed, began_s=99.0)
        yield f"press-{pressed}", replace(home, press=press), AFTERNOON, True
    yield "help-not-through", _asking(offline, "sending"), AFTERNOON, True
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    for outcome in outcomes:
        yield f"help-text-{outcome}", _texting(_asking(offline, "sending"), outcome), AFTERNOON, True
    yield (
        "help-text-received",
        _texting(_asking(home, "received", at_desk=True), "delivered"),
        AFTERNOON,
        True,
    )
    by_text = _asking(offline, "taken", taken_at=AFTERNOON)
    yield "help-text-taken", _texting(by_text, "delivered"), AFTERNOON, True
    yield "help-on-home", replace(_asking(home, "taken"), navigation=Navigation()), AFTERNOON, True
    yield from _calls(home, language)
    yield from (*_alarms(home), *_tables(home))
    yield "person", replace(home, navigation=Navigation(page="person", contact_id="0")), AFTERNOON, True
    yield from _opened(home)
    yield "cafe", replace(home, navigation=Navigation(page="cafe")), AFTERNOON, True
    for name, state in (
        *people_scenes(home),
        *message_scenes(home, language, AFTERNOON),
        *queue_scenes(home, language, AFTERNOON),
    ):
        yield name, state, AFTERNOON, True
    yield "waiting", State(documents=Documents(policy=Policy(version=1))), AFTERNOON, True
    away = replace(home.documents, policy=Policy(version=1, use="in-stock"))
    yield "out-of-use", replace(home, documents=away), AFTERNOON, True


def _alarms(home: State) -> Iterator[tuple[str, State, datetime, bool]]:
    """The alarm is tested, or not ready."""
    states: tuple[AlarmState, ...] = ("test", "not-ready")
    for alarm in states:
        policy = Policy(version=1, alarm=AlarmReadiness(state=alarm))
        yield (
            f"alarm-{alarm}",
            replace(home, documents=replace(home.documents, policy=policy)),
            AFTERNOON,
            True,
        )


def _mute(home: State) -> Iterator[tuple[str, State, datetime, bool]]:
    muted = replace(home, mute=Mute(until=datetime(2026, 11, 21, 14, 2, tzinfo=UTC)))
    asking = Navigation(page="mute")
    yield "home-muted", muted, AFTERNOON, True
    yield "mute", replace(home, navigation=asking), AFTERNOON, True
    yield "mute-on", replace(muted, navigation=asking), AFTERNOON, True
    yield "mute-evening", replace(home, navigation=asking), NIGHT, True


def _tables(home: State) -> Iterator[tuple[str, State, datetime, bool]]:
    """The café's table: the question, the table with and without pictures, an invitation, and its end."""
    people = home.documents.people
    listed = people.contacts[:2] if people else []
    guests = [Guest(id=each.id, name=each.first_name, contact_id=each.id) for each in listed]
    guests += [Guest(id=f"g{at}", name=name) for at, name in enumerate(("Olavi", "Helmi", "Eino", "Kaarina"))]
    meeting = Meeting(
        id="m1",
        title="Laulutuokio",
        starts=COFFEE_TIME,
        ends=COFFEE_TIME + timedelta(hours=1),
        hosts=["Leena"],
        photo=f"{2:064}",
        guests=guests[:1],
    )
    there = CafeNow(version=1, reachable=True, guests=guests)
    home = replace(home, documents=replace(home.documents, cafe=there))
    seat = Seat(id="seat", room=CAFE)
    yield "cafe-open", home, COFFEE_TIME, True
    yield "table-asking", replace(home, seat=seat), COFFEE_TIME, True
    seated = replace(seat, stage="seated", guest_id=guests[0].id, attempt=1)
    yield "table-face", replace(home, seat=seated), COFFEE_TIME, True
    seen = replace(seated, picture="good", frames=str(FRAMES), own_frames=str(FRAMES))
    yield "table-picture", replace(home, seat=seen), COFFEE_TIME, True
    yield "table-still-here", replace(home, seat=replace(seen, asked_until_s=200.0)), COFFEE_TIME, True
    yield "table-again", replace(home, seat=replace(seated, stage="entering", attempt=2)), COFFEE_TIME, True
    over = SeatOver(room=CAFE, title="", why="call", listens=False, until_s=200.0, may_return=True)
    yield "table-over", replace(home, seat_over=over), COFFEE_TIME, True
    invited = replace(there, meetings=[meeting])
    home = replace(home, documents=replace(home.documents, cafe=invited))
    yield "table-invited", home, COFFEE_TIME, True
    soon = _viewed(home, elements=Elements(clock=True, date=True, cafe=True, mute=True))
    yield "event-soon", soon, COFFEE_TIME - timedelta(minutes=4), True


def _calls(home: State, language: Language) -> Iterator[tuple[str, State, datetime, bool]]:
    """A call from the first ring to its end, and what is left of calls on the home page."""
    rung, forced = _particulars("rung", language), _particulars("forced", language)
    connected = Call(about=rung, stage="connected", due_s=None, frames=str(FRAMES), picture="good")
    watched = replace(connected, about=forced, room="blurred")
    calls = {
        "call-rings": Call(about=rung, stage="ringing", due_s=None),
        "call-goes-out": Call(about=_particulars("placed", language), stage="calling", due_s=None),
        "call-rings-a-phone": Call(
            about=_particulars("placed", language), stage="calling", due_s=None, way="phone"
        ),
        "call-written": Call(
            about=_particulars("placed", language), stage="calling", due_s=None, way="written"
        ),
        "call-connects": replace(connected, stage="connecting", frames=""),
        "call": connected,
        "call-without-picture": replace(connected, picture="none"),
        "call-poor": replace(connected, picture="poor"),
        "call-soon-over": replace(connected, warned=True),
        "call-hang-up-asked": replace(connected, hang_up_asked_until_s=200.0),
        "call-troubled": replace(connected, troubles=frozenset(("camera",))),
        "call-opens-itself": Call(about=forced, stage="countdown", due_s=107.0),
        "call-looks-in": watched,
        "call-looks-in-without-picture": replace(watched, picture="none", room="clear"),
    }
    for name, call in calls.items():
        yield name, replace(home, call=call), AFTERNOON, True
    over = Over(party=rung.party, how="not-answered", until_s=200.0)
    yield "call-over", replace(home, call_over=over), AFTERNOON, True
    over = replace(over, how="not-reachable")
    yield "call-no-way", replace(home, call_over=over), AFTERNOON, True
    missed = Calls(missed=(Missed(party=rung.party, at=AFTERNOON - timedelta(hours=1)),))
    yield "home-missed-call", replace(home, calls=missed), AFTERNOON, True
    visited = replace(home, forced_calls=ForcedCalls(log=_visits(forced)))
    yield "home-visits", visited, AFTERNOON, True
    yield "visits", replace(visited, navigation=Navigation(page="visits")), AFTERNOON, True
    yield "visits-none", replace(home, navigation=Navigation(page="visits")), AFTERNOON, True


def _particulars(kind: Kind, language: Language) -> Particulars:
    relative = RELATIVES[0]
    party = Party(contact_id="0", name=f"{relative.first_name} {relative.last_name}", known=True)
    return Particulars(
        id="picture",
        kind=kind,
        party=party,
        asked_at=AFTERNOON,
        limit_min=30,
        reason="no-answer",
        reason_text=REASONS[language],
    )


def _visits(forced: Particulars) -> tuple[CallLogged, ...]:
    """Return forced calls of the last weeks, the oldest first."""
    outcomes = (("ended", 240.0), ("refused", 0.0), ("ended", 30.0))
    return tuple(
        CallLogged(
            number=number,
            call_id=f"{number}",
            contact_id=forced.party.contact_id,
            name=forced.party.name,
            reason=forced.reason,
            reason_text=forced.reason_text,
            asked_at=AFTERNOON - timedelta(days=10 - 3 * number),
            outcome=outcome,
            seconds=seconds,
            previous_sha256=f"{number - 1:064}",
            sha256=f"{number:064}",
        )
        for number, (outcome, seconds) in enumerate(outcomes, 1)
    )


def _home(language: Language) -> State:
    documents = Documents(
        view=View(version=1, elements=ALL, language=language),
        people=People(version=1, resident=Resident(first_name="Aino"), contacts=_contacts()),
        calendar=_calendar(language),
        policy=Policy(version=1),
    )
    return State(documents=documents, link=Link(connected=True))


def _viewed(state: State, **changes: object) -> State:
    assert state.documents.view
    view = replace(state.documents.view, **changes)
    return replace(state, documents=replace(state.documents, view=view))


def _asking(state: State, stage: Stage, *, at_desk: bool = False, taken_at: datetime | None = None) -> State:
    by = "Anna" if stage in ("taken", "arrived") else ""
    request = Request(
        id="picture",
        raised_at=AFTERNOON,
        stage=stage,
        by=by,
        at_desk=at_desk,
        taken_by=by if stage == "arrived" else "",
        taken_at=taken_at,
    )
    return replace(state, requests=Requests(help=request), navigation=Navigation(page="help"))


def _opened(home: State) -> Iterator[tuple[str, State, datetime, bool]]:
    """Pages that the home page leads to."""
    asking = replace(home, urgent_asked_s=97.0, navigation=Navigation(page="urgent"))
    yield "urgent-call-counting", asking, AFTERNOON, True
    wish = Requests(urgent_call=Request(id="picture", raised_at=AFTERNOON, stage="received"))
    yield (
        "urgent-call-asked",
        replace(home, requests=wish, navigation=Navigation(page="urgent")),
        AFTERNOON,
        True,
    )
    yield "today", replace(home, navigation=Navigation(page="today")), AFTERNOON, True
    yield "people", replace(home, navigation=Navigation(page="people")), AFTERNOON, True


def _waiting_for_help(home: State) -> Iterator[tuple[str, State, datetime, bool]]:
    """Received, and nobody has answered: what the desk has reported of its ladder."""
    received = AFTERNOON - timedelta(minutes=4)
    leena = NotifiedContact(name="Leena Järvinen", at=received + timedelta(minutes=1))
    nobody = ReportHelpProgress(help_id="picture", at=AFTERNOON, on_board=False)
    on_board = replace(nobody, on_board=True)
    notified = replace(on_board, contacts=[leena])
    alarmed = replace(notified, partner_notified_at=received + timedelta(minutes=3))
    progresses = {
        "unseen": (nobody, AFTERNOON),
        "on-board": (on_board, AFTERNOON),
        "unanswered": (on_board, received),
        "told": (notified, received),
        "alarm-centre": (alarmed, received),
    }
    for name, (progress, since) in progresses.items():
        asking = _asking(home, "received", at_desk=True)
        assert asking.requests.help
        help_ = replace(asking.requests.help, raised_at=since, received_at=since, progress=progress)
        yield f"help-{name}", replace(asking, requests=Requests(help=help_)), AFTERNOON, True


def _texting(state: State, outcome: Outcome) -> State:
    text = TextMessage(id="text", name="Leena Järvinen", number="+358401234567", place=0, outcome=outcome)
    return replace(state, sms=Sms(help_id="picture", sent=(text,), failures=int(outcome == "failed")))


def _contacts() -> list[Contact]:
    return [
        Contact(
            id=str(number),
            first_name=relative.first_name,
            last_name=relative.last_name,
            relation=relative.words,
            favourite=relative.favourite,
            presence=relative.presence,  # type: ignore[arg-type]
            phone=relative.phone,
            photo=f"{number:064}",
        )
        for number, relative in enumerate(RELATIVES)
    ]


def _calendar(language: Language) -> Calendar:
    walk, doctor, music = TITLES[language]
    cafe = Cafe(hours=[OpeningHours(days=[1, 2, 3, 4, 5, 6, 7], opens="15:00", closes="17:00")])
    return Calendar(
        version=1,
        occurrences=[
            Occurrence(id="1", title=walk, starts="2026-11-21T14:00", ends="2026-11-21T15:00"),
            Occurrence(id="2", title=doctor, starts="2026-11-21T16:30"),
            Occurrence(id="3", title=music, starts="2026-11-22T11:00"),
        ],
        cafe=cafe,
    )


def _draw_photos(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    photos = {}
    for number, relative in enumerate(RELATIVES):
        path = folder / f"{number}.jpg"
        path.write_bytes(portrait(relative.face))
        photos[f"{number:064}"] = str(path.resolve())
    return photos


def write_frame(path: Path, picture: bytes) -> FrameWriter:
    """A caller's picture, as the process of a call would give it: ITU-R BT.601, limited range."""
    photo = ImageOps.fit(Image.open(BytesIO(picture)).convert("RGB"), (640, 480))
    y, u, v = photo.convert("YCbCr").split()
    half = photo.width // 2, photo.height // 2
    luma = y.point([16 + level * 219 // 255 for level in range(256)])
    colours = [
        plane.resize(half).point([128 + (level - 128) * 224 // 255 for level in range(256)])
        for plane in (u, v)
    ]
    writer = FrameWriter(path)
    writer.write(photo.width, photo.height, luma.tobytes(), *(plane.tobytes() for plane in colours))
    return writer


def _report(screens_by_name: dict[str, Screen]) -> tuple[list[str], bool]:
    """A line for each panel and size of text; whether a panel that is meant has nothing wrong."""
    lines = [
        "| panel | text | pictures | cut | too small | below 7:1 | edge below 3:1 | moved |",
        "|---|---|---|---|---|---|---|---|",
    ]
    is_well = True
    for (name, panel), scale in product(legibility.PANELS.items(), TEXT_SCALES):
        found = legibility.counted(screens_by_name, panel, scale)
        lines.append(f"| {name} | {scale} | {len(screens_by_name)} | " + " | ".join(map(str, found)) + " |")
        is_well = is_well and (name not in legibility.SUPPORTED or not any(found))
    return lines, is_well


def _lines(screens_by_name: dict[str, Screen], panel: Panel, *, behind_arrows: bool) -> Iterator[str]:
    """A line of JSON for each picture; pages behind an arrow have their number in the name."""
    for name, screen in screens_by_name.items():
        turns = legibility.pages(screen, panel) if behind_arrows else (0,)
        for number, turned in enumerate(turns, 1):
            picture = {
                "name": name if number == 1 else f"{name}-{number}",
                "screen": screen,
                "turned": turned,
            }
            yield msgspec.json.encode(picture).decode()


def _draw(panel: Panel, folder: Path, lines: list[str]) -> int:
    """How many pictures were drawn for a panel."""
    size = [f"--width-px={panel.width_px}", f"--height-px={panel.height_px}", f"--width-mm={panel.width_mm}"]
    command = [sys.executable, "-m", "kiosk_ui.picture", "--many", str(folder), *size]
    done = subprocess.run(command, input="\n".join(lines).encode(), stderr=subprocess.PIPE, check=False)
    return sum(line.startswith(b'{"name"') for line in done.stderr.splitlines())


def main() -> int:
    """The exit status: 1 where something is wrong on a panel that is meant, or was not drawn.

    ``--all`` draws every panel and both sizes of text; else ten inches alone are drawn, and all are counted.
    """
    encoded = dict(screens(_draw_photos(FOLDER / "photos")))
    decoded = {name: msgspec.json.decode(screen, type=Screen) for name, screen in encoded.items()}
    writer = write_frame(FRAMES, portrait(RELATIVES[0].face))
    is_drawn = True
    for (name, panel), scale in product(legibility.PANELS.items(), TEXT_SCALES):
        is_first = (name, scale) == ("10-inch", 1.0)
        if not is_first and "--all" not in sys.argv[1:]:
            continue
        folder = FOLDER if is_first else FOLDER / f"{name}-{scale}"
        scaled = {each: legibility.scaled(screen, scale) for each, screen in decoded.items()}
        lines = list(_lines(scaled, panel, behind_arrows=name in legibility.SUPPORTED))
        drawn = _draw(panel, folder, lines)
        print(f"{drawn} of {len(lines)} pictures drawn into {folder}/")
        is_drawn = is_drawn and drawn == len(lines)
    writer.close()
    report, is_well = _report(decoded)
    (FOLDER / "report.md").write_text("\n".join(report) + "\n")
    print("\n".join(report))
    return 0 if is_well and is_drawn else 1


if __name__ == "__main__":
    sys.exit(main())
