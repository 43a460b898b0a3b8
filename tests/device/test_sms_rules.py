"""Help by text message: recipients, times, words, and what an answer does."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.commands import UpdateHelp
from device.contract.documents import EscalationContact, HelpPolicy, People, Policy, Resident, View
from device.contract.events import HelpRaised, HelpSentBySms, HelpTakenBySms, InputRejected
from device.contract.values import Language
from device.rules import sms
from device.rules.answer import CODE_WORDS, is_answer, is_same_number
from device.rules.begin import begin
from device.rules.effects import Effect, Record, SendSms
from device.rules.events import (
    Began,
    CommandArrived,
    DocumentArrived,
    Event,
    EventsReceived,
    FaultChanged,
    LinkChanged,
    PendantPressed,
    SmsArrived,
    SmsChanged,
    Ticked,
)
from device.screen.page_context import PageContext
from device.screen.texts import text_message
from device.window_protocol.model import HelpPage
from hal import gsm_text
from tests.device.story import EVERYTHING, NOON, Story

pytestmark = pytest.mark.requirement("K3")
LEENA, OTTO, SUVI = "+358401111111", "+358402222222", "+358403333333"
LEENA_OFFICE = "+35891111111"
CONTACTS = [
    EscalationContact(name="Leena", office_phone=LEENA_OFFICE, other_phone=LEENA),
    EscalationContact(name="Otto", office_phone=OTTO),
    EscalationContact(name="Suvi", office_phone=SUVI),
]
CONNECTED, PRESS = LinkChanged(connected=True), PendantPressed(sender="FEF71234")
NO_HTTPS = FaultChanged(part="https fallback", reason="the desk cannot be reached over HTTPS")
SATURDAY, MONDAY = NOON, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def story_of(
    contacts: list[EscalationContact],
    *,
    language: Language = "fi",
    wait_s: int = 60,
    closed_on: Sequence[str] = (),
) -> Story:
    """Aino's device with a modem and these contacts."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, language=language))
    policy = Policy(
        version=2, help=HelpPolicy(contacts=contacts, sms_wait_s=wait_s, office_closed_on=list(closed_on))
    )
    people = People(version=2, resident=Resident(first_name="Aino", last_name="Virtanen"))
    story.tell(
        Began(version="1", has_modem=True),
        DocumentArrived(name="policy", document=policy),
        DocumentArrived(name="people", document=people),
    )
    return story


@pytest.fixture
def story() -> Story:
    return story_of(CONTACTS)


def live(story: Story, seconds: float) -> list[tuple[float, str]]:
    """Time passes second by second; who was asked, and after how many seconds."""
    asked: list[tuple[float, str]] = []
    for second in range(1, int(seconds) + 1):
        story.wait(1.0)
        asked += [(second, number) for number in numbers(story.tell(Ticked()))]
    return asked


def texts(effects: list[Effect], what: str = "asks") -> list[SendSms]:
    return [each for each in effects if isinstance(each, SendSms) and each.what == what]


def numbers(effects: list[Effect], what: str = "asks") -> list[str]:
    return [each.number for each in texts(effects, what)]


def modem_says(story: Story, outcome: str) -> list[Effect]:
    """Of the newest text message."""
    return story.tell(SmsChanged(id=story.state.sms.sent[-1].id, outcome=outcome))  # type: ignore[arg-type]


def answer(story: Story, number: str = LEENA) -> list[Effect]:
    return story.tell(SmsArrived(number=number, text=f"tulen {story.state.sms.code}"))


def page(story: Story) -> HelpPage:
    found = story.screen().page
    assert isinstance(found, HelpPage)
    return found


def test_without_a_receipt_it_goes_by_text_message_within_twenty_seconds(story: Story) -> None:
    """Not earlier: the desk and the HTTPS fallback have had their time."""
    story.tell(CONNECTED, PRESS)
    assert live(story, 20) == [(20, LEENA)]


def test_without_any_network_it_goes_at_once(story: Story) -> None:
    """No link and no HTTPS: there is nothing to wait for."""
    assert numbers(story.tell(PRESS)) == []
    assert numbers(story.tell(NO_HTTPS)) == [LEENA]


def test_where_the_link_is_up_a_failed_https_is_not_no_network(story: Story) -> None:
    """The desk may still answer on it."""
    story.tell(CONNECTED, PRESS, NO_HTTPS)
    assert live(story, 19) == []


def test_a_receipt_in_time_writes_to_nobody(story: Story) -> None:
    """The desk has the request."""
    story.tell(CONNECTED, PRESS)
    received(story)
    assert live(story, 300) == []


def received(story: Story) -> list[Effect]:
    help_ = story.state.requests.help
    return story.tell(EventsReceived(ids=frozenset({help_.id if help_ else ""})))


def test_contacts_follow_each_other_and_begin_again(story: Story) -> None:
    """Each has a minute; after the last the first again, with pauses that grow, and never an end."""
    story.tell(PRESS, NO_HTTPS)
    asked = live(story, 1600)
    who = [number for _, number in asked]
    assert who[:6] == [OTTO, SUVI, LEENA, OTTO, SUVI, LEENA]
    at = [0, *(second for second, _ in asked)]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert gaps[:9] == [60, 60, 60, 60, 60, 120, 60, 60, 240]
    assert live(story, 3600)


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(
    ("wall", "number"),
    [
        (MONDAY, LEENA_OFFICE),
        (MONDAY.replace(hour=5, minute=59), LEENA),
        (MONDAY.replace(hour=6), LEENA_OFFICE),
        (MONDAY.replace(hour=14), LEENA),
        (SATURDAY, LEENA),
    ],
    ids=["noon", "07:59", "08:00", "16:00", "saturday"],
)
def test_the_number_is_that_of_the_hour(story: Story, wall: datetime, number: str) -> None:
    """By the resident's own clock; the office answers on weekdays only."""
    story.wall = wall
    story.tell(PRESS)
    assert numbers(story.tell(NO_HTTPS)) == [number]


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(("day", "number"), [(24, LEENA_OFFICE), (25, LEENA)])
def test_on_a_public_holiday_the_office_is_not_written_to(day: int, number: str) -> None:
    """Christmas Day of 2026 is a Friday; the day before, the office is open."""
    story = story_of(CONTACTS, closed_on=["2026-12-25"])
    story.wall = datetime(2026, 12, day, 10, 0, tzinfo=UTC)
    story.tell(PRESS)
    assert numbers(story.tell(NO_HTTPS)) == [number]


@pytest.mark.requirement("S7")
def test_with_the_clock_unset_both_numbers_are_tried(story: Story) -> None:
    """The office first, then the other: nobody knows which one holds."""
    story.trusted = False
    story.tell(PRESS)
    first = numbers(story.tell(NO_HTTPS))
    assert first + [number for _, number in live(story, 180)] == [LEENA_OFFICE, LEENA, OTTO, SUVI]


def test_each_step_is_said_only_once_it_is_known(story: Story) -> None:
    """Handed to the modem is not sent, sent is not delivered, delivered is not answered."""
    story.tell(PRESS, NO_HTTPS)
    assert page(story).headline == "Avunpyyntö ei ole vielä mennyt perille"
    modem_says(story, "sent")
    assert page(story).headline == "Tekstiviesti on lähetetty: Leena"
    modem_says(story, "delivered")
    assert page(story).headline == "Leena on saanut tekstiviestin"
    assert [step.words for step in page(story).steps if step.state == "now"] == ["Odotetaan vastausta"]
    answer(story)
    assert page(story).headline == "Leena on tulossa luoksesi"
    assert "Pyyntö on perillä" not in str(page(story).steps)
    outcomes = [each.what.outcome for each in story.recorded(HelpSentBySms)]  # type: ignore[union-attr]
    assert outcomes == ["sent", "delivered"]


def test_who_answers_goes_and_everybody_is_notified(story: Story) -> None:
    """The taker is thanked, the others need not go, the desk will read it, and nobody more is asked."""
    story.tell(PRESS, NO_HTTPS)
    live(story, 60)
    effects = answer(story, OTTO)
    assert numbers(effects, "thanks") == [OTTO]
    assert [(each.number, each.name) for each in texts(effects, "somebody-goes")] == [(LEENA, "Otto")]
    (taken,) = story.recorded(HelpTakenBySms)
    help_ = story.state.requests.help
    assert help_
    assert taken.what == HelpTakenBySms(help_id=help_.id, name="Otto")
    assert live(story, 600) == []


def test_two_who_answer_are_one_taker(story: Story) -> None:
    """The second learns who goes already; the same answer twice changes nothing."""
    story.tell(PRESS, NO_HTTPS)
    live(story, 60)
    answer(story)
    assert answer(story) == []
    effects = answer(story, OTTO)
    assert [(each.number, each.name) for each in texts(effects, "already-taken")] == [(OTTO, "Leena")]
    assert page(story).headline == "Leena on tulossa luoksesi"


def test_the_desk_s_late_receipt_ends_the_rounds_but_untells_nobody(story: Story) -> None:
    """A notified contact may still answer, and is informed when a nurse does."""
    story.tell(PRESS, NO_HTTPS)
    modem_says(story, "delivered")
    received(story)
    assert live(story, 600) == []
    words = [step.words for step in page(story).steps]
    assert words[1:3] == ["Leena on saanut tekstiviestin", "Pyyntö on perillä"]
    help_ = story.state.requests.help
    assert help_
    update = UpdateHelp(help_id=help_.id, stage="taken", by="Anna")
    effects = story.tell(CommandArrived(id="c", command=update, expires_at=NOON))
    assert [(each.number, each.name) for each in texts(effects, "somebody-goes")] == [(LEENA, "Anna")]
    assert [each.name for each in texts(answer(story), "already-taken")] == ["Anna"]


@pytest.mark.parametrize(
    ("number", "text", "reason"),
    [
        ("+358409999999", "TULEN {code}", "a number that is no contact's"),
        (LEENA, "TULEN 00", "was not the answer"),
        (LEENA, "En tule {code}", "was not the answer"),
        (LEENA, "Kuka siellä?", "was not the answer"),
    ],
)
def test_what_is_no_answer_takes_nothing_and_is_answered(
    story: Story, number: str, text: str, reason: str
) -> None:
    """Neither strangers nor other words; the desk reads that it came, and not what it said."""
    story.tell(PRESS, NO_HTTPS)
    story.tell(SmsArrived(number=number, text=text.format(code=story.state.sms.code)))
    assert page(story).headline == "Avunpyyntö ei ole vielä mennyt perille"
    (reported,) = story.recorded(InputRejected)
    assert isinstance(reported.what, InputRejected)
    assert reason in reported.what.reason


def test_who_answers_in_other_words_is_sent_once_how(story: Story) -> None:
    """Once: a telephone that answers by itself must not be answered for ever."""
    story.tell(PRESS, NO_HTTPS)
    for _ in range(3):
        story.tell(SmsArrived(number=LEENA, text="Olen lomalla."))
    assert numbers(story.effects, "how-to-answer") == [LEENA]


def test_yesterday_s_answer_does_not_take_today_s_request(story: Story) -> None:
    """Each request has its own number."""
    story.tell(PRESS, NO_HTTPS)
    before = story.state.sms.code
    help_ = story.state.requests.help
    assert help_
    closed = UpdateHelp(help_id=help_.id, stage="closed")
    story.tell(CommandArrived(id="c", command=closed, expires_at=NOON), PRESS, NO_HTTPS)
    assert story.state.sms.code != before
    story.tell(SmsArrived(number=LEENA, text=f"TULEN {before}"))
    assert page(story).state == "sending"


def test_guessed_codes_end_after_three(story: Story) -> None:
    """A spoofed number does not guess its way in; another contact's answer still counts, and texts go on."""
    story.tell(PRESS, NO_HTTPS)
    code = story.state.sms.code
    assert len(code) == 4
    guesses = [str(number) for number in range(1000, 1004) if str(number) != code][:3]
    for guess in guesses:
        story.tell(SmsArrived(number=LEENA, text=f"TULEN {guess}"))
    story.tell(SmsArrived(number=LEENA, text=f"TULEN {code}"))
    assert page(story).state == "sending"
    reasons = [each.what.reason for each in story.recorded(InputRejected)]  # type: ignore[union-attr]
    assert "too many text messages with a wrong code from Leena" in reasons[-1]
    assert [number for _, number in live(story, 61)] == [OTTO]
    story.tell(SmsArrived(number=OTTO, text=f"TULEN {code}"))
    assert page(story).state == "coming"


def test_words_that_are_no_code_are_no_guesses(story: Story) -> None:
    """Who first asks three times what has happened can still answer."""
    story.tell(PRESS, NO_HTTPS)
    for _ in range(4):
        story.tell(SmsArrived(number=LEENA, text="Kuka siellä?"))
    answer(story)
    assert page(story).state == "coming"


def test_a_modem_that_cannot_send_is_tried_on_and_on(story: Story) -> None:
    """The next contact at once; then again after a while; and at once when the modem is back."""
    story.tell(PRESS, NO_HTTPS)
    failed = []
    for _ in range(3):
        failed += numbers(modem_says(story, "failed"))
    assert failed == [OTTO, SUVI]
    assert page(story).words == "Ruutu yrittää yhä, myös tekstiviestillä."
    assert live(story, 10) == [(10, LEENA)]
    modem_says(story, "failed")
    modem_says(story, "failed")
    modem_says(story, "failed")
    assert numbers(story.tell(FaultChanged(part="modem", reason=""))) == [LEENA]
    outcomes = [each.what.outcome for each in story.recorded(HelpSentBySms)]  # type: ignore[union-attr]
    assert outcomes == ["failed"] * 3


def test_without_a_modem_no_text_message_is_spoken_of() -> None:
    """The screen says what is tried, and no more."""
    story = Story.of_aino()
    policy = Policy(version=2, help=HelpPolicy(contacts=CONTACTS))
    story.tell(DocumentArrived(name="policy", document=policy), PRESS, NO_HTTPS)
    assert live(story, 120) == []
    assert page(story).words == "Tämä näyttö yrittää koko ajan."


def test_a_power_cut_before_the_modem_had_it_writes_again(story: Story) -> None:
    """What was only handed over may be lost: the same contact, at once."""
    story.tell(PRESS, NO_HTTPS)
    restarted = Story(begin(story.state), wall=story.wall)
    restarted.monotonic_s = 5.0
    assert numbers(restarted.tell(Began(version="1", has_modem=True), Ticked())) == [LEENA]


def test_a_power_cut_after_it_was_sent_waits_for_the_answer(story: Story) -> None:
    """And the answer still counts."""
    story.tell(PRESS, NO_HTTPS)
    modem_says(story, "sent")
    restarted = Story(begin(story.state), wall=story.wall)
    restarted.monotonic_s = 5.0
    restarted.tell(Began(version="1", has_modem=True))
    assert page(restarted).headline == "Tekstiviesti on lähetetty: Leena"
    assert live(restarted, 50) == []
    answer(restarted)
    assert page(restarted).headline == "Leena on tulossa luoksesi"


def test_where_the_desk_never_heard_of_it_help_can_be_asked_for_again(story: Story) -> None:
    """Somebody went half an hour ago, nobody could close it: a press is a new request."""
    story.tell(PRESS, NO_HTTPS)
    answer(story)
    story.tell(PRESS)
    assert len(story.recorded(HelpRaised)) == 1
    story.wait(1900)
    story.tell(PRESS)
    assert len(story.recorded(HelpRaised)) == 2


@pytest.mark.parametrize("language", list(CODE_WORDS))
@pytest.mark.parametrize("trusted", [True, False])
def test_every_text_fits_one_message(language: Language, trusted: bool) -> None:
    """160 characters of the GSM alphabet, whatever is said; no family name, no address."""
    story = story_of(CONTACTS, language=language)
    story.trusted = trusted
    story.tell(PRESS, NO_HTTPS)
    story.wait(90_000)
    for what in ("asks", "thanks", "somebody-goes", "already-taken", "over", "how-to-answer"):
        effect = SendSms(id="x", number=LEENA, what=what, name="Leena Järvinen")
        text = text_message(effect, PageContext.of(story.state, story.now))
        coding, units = gsm_text.encode(text)
        assert coding is gsm_text.Coding.GSM7, text
        assert len(units) <= 160, text
        assert "Virtanen" not in text
    asks = text_message(SendSms(id="x", number=LEENA, what="asks"), PageContext.of(story.state, story.now))
    assert asks.endswith(f"{CODE_WORDS[language]} {story.state.sms.code}")
    assert "Aino V." in asks


@pytest.mark.parametrize(
    "text",
    [
        "TULEN 47",
        "tulen 47",
        " Tulen, 47! ",
        "TULEN47",
        "«Tulen 47.»",
        "Tulen 47 heti kun ehdin",
        "Jag kommer 47",
        "JEG KOMMER 47",
        "coming - 47 :)",
        "Coming 47, 10 min",
    ],
)
def test_an_answer_counts_in_whatever_letters_and_signs(text: str) -> None:
    """Thumbs on a small telephone."""
    assert is_answer(text, "47")


@pytest.mark.parametrize(
    "text",
    [
        "tulen",
        "47",
        "tulen 48",
        "tulen 470",
        "en tule 47",
        "Jag kommer inte 47",
        "Jeg kommer 47 ikke",
        "",
        "Not coming 47",
        "I am not coming 47",
        "Tulen ehkä 47",
        "Coming 47? No, I can't",
        "Tulen 47? En voi.",
    ],
)
def test_what_is_not_surely_an_answer_is_none(text: str) -> None:
    """A wrong yes would be false comfort."""
    assert not is_answer(text, "47")


@pytest.mark.parametrize(
    ("given", "is_same"),
    [
        (LEENA, True),
        ("00358401111111", True),
        ("358401111111", True),
        ("0401111111", True),
        ("+358 40 1111111", True),
        ("+46401111111", False),
        ("1111111", False),
        ("Leena", False),
        ("", False),
        ("0501111111", False),
    ],
)
def test_numbers_are_compared_as_networks_write_them(given: str, is_same: bool) -> None:
    """With the country or without; never by a part."""
    assert is_same_number(LEENA, given) == is_same


@pytest.mark.parametrize(
    ("known", "given"),
    [
        ("+46701234567", "0701234567"),
        ("+46701234567", "46701234567"),
        ("+4520123456", "20123456"),
        ("+4520123456", "4520123456"),
        ("+4791234567", "91234567"),
        ("+4791234567", "004791234567"),
    ],
)
def test_numbers_of_the_other_countries_are_known_too(known: str, given: str) -> None:
    """Sweden writes a 0 before it, Denmark and Norway nothing."""
    assert is_same_number(known, given)
    assert not is_same_number(known, given[:-1] + "9")


EVENTS: st.SearchStrategy[Event | float | str] = st.one_of(
    st.just(PRESS),
    st.just(NO_HTTPS),
    st.builds(LinkChanged, connected=st.booleans()),
    st.sampled_from(["sent", "delivered", "failed", "receipt", "restart", LEENA, OTTO, "+358409999999"]),
    st.floats(1.0, 400.0),
)


class Known:
    """What modem and contacts have said of the newest request."""

    def __init__(self) -> None:
        self.said: dict[str, set[str]] = {"sent": set(), "delivered": set(), "failed": set(), "goes": set()}

    def happens(self, story: Story, what: object) -> None:
        """Tells it to the device."""
        match what:
            case float():
                story.wait(what)
                story.tell(Ticked())
            case "receipt":
                received(story)
            case "restart":
                story.state = begin(story.state)
                story.tell(Began(version="1", has_modem=True))
            case "sent" | "delivered" | "failed" if story.state.sms.sent:
                self.said[str(what)].add(story.state.sms.sent[-1].name)
                modem_says(story, str(what))
            case str() if what.startswith("+") and story.state.requests.help:
                self.said["goes"].add(what)
                answer(story, what)
            case PendantPressed() | LinkChanged() | FaultChanged():
                story.tell(what)


@given(st.lists(EVENTS, max_size=40))
def test_nothing_is_claimed_that_modem_and_contacts_have_not_said(events: list[object]) -> None:
    """For any order of events, with restarts; and a waiting resident is never abandoned."""
    story, known = story_of(CONTACTS[:2]), Known()
    for event in events:
        known.happens(story, event)
        check_claims(story, known.said)
    if story.state.requests.help and story.state.requests.help.stage == "sending":
        assert sms.seconds_to_check(story.state, story.now) is not None


def check_claims(story: Story, known: dict[str, set[str]]) -> None:
    """What the screen says of text messages and takers is so."""
    help_ = story.state.requests.help
    takers = {"Leena": LEENA, "Otto": OTTO}
    if help_ and help_.stage == "taken":
        assert takers[help_.by] in known["goes"]
    for text in story.state.sms.sent:
        assert text.outcome not in ("sent", "delivered") or text.name in known[text.outcome]
    records = [each.what for each in story.effects if isinstance(each, Record)]
    assert sum(isinstance(each, HelpTakenBySms) for each in records) <= 2 * len(story.recorded(HelpRaised))
