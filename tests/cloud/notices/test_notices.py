"""Notifications: recipients, texts, deduplication; and the report."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.calendar.models import Appointment, CancelledTime
from cloud.delivery.models import Delivery
from cloud.devices.models import Device, DeviceFault
from cloud.help.log import note
from cloud.help.models import HelpStep
from cloud.notices import events
from cloud.notices.models import Notice, NoticeRule, NoticeSent, NoticeTemplate, Recipient, RecipientAddress
from cloud.notices.quiet import not_before
from cloud.notices.watch import NoticeWatch, find, send
from cloud.organisations.models import User
from cloud.people.models import Contact, Relation
from cloud.releases.models import DeviceRelease
from tests.cloud.homes import Home, make_home

HELSINKI = ZoneInfo("Europe/Helsinki")
BEGINS = datetime(2030, 1, 1)  # noqa: DTZ001 - a wall time, as hypothesis wants it


def template(home: Home, event: str = "help-raised", **words: str) -> NoticeTemplate:
    """The words for this event."""
    words = words or {"subject_en": "{kind}", "body_en": "{resident} at {organisation}"}
    return NoticeTemplate.objects.create(organisation=home.organisation, event=event, name="Words", **words)


def person(home: Home, *emails: str, contact: Contact | None = None, **fields: object) -> Recipient:
    """Create a recipient with these addresses."""
    fields = {"name": "Leena", "language": "en", **fields}
    made = Recipient.objects.create(organisation=home.organisation, contact=contact, **fields)
    for email in emails:
        made.addresses.create(kind="email", value=email)
    return made


def tell(made: NoticeTemplate, to: str, **fields: object) -> None:
    """Add a recipient of this template."""
    NoticeRule.objects.create(template=made, to=to, **fields)


def raise_help(home: Home) -> None:
    note(home.help, HelpStep.Kind.RAISED, at=timezone.now())


def out() -> list[Delivery]:
    """What goes out, oldest first."""
    return list(Delivery.objects.exclude(key__startswith="old-").order_by("created_at", "key"))


@pytest.mark.requirement("N4", "N5")
def test_everybody_that_the_rules_find_is_notified_once(home: Home) -> None:
    """A main contact who is notified too, a user who has a person's address: one message each."""
    main = person(home, "leena@example.org", contact=home.contact, is_main=True, is_notified=True)
    twin = person(home, "anna@example.org", name="Anna")
    User.objects.filter(pk=home.user.pk).update(email="ANNA@example.org")
    made = template(home)
    for to, fields in (
        ("main", {}),
        ("notified", {}),
        ("person", {"person": twin}),
        ("role", {"role": "nurse"}),
    ):
        tell(made, to, **fields)
    raise_help(home)
    NoticeWatch().turn()
    NoticeWatch().turn()
    assert sorted((each.who, each.address) for each in out()) == [
        ("Anna", "anna@example.org"),
        (main.name, "leena@example.org"),
    ]
    assert {(each.subject, each.body) for each in out()} == {("Help", "Lehmus Virtanen at Lehmus home")}


@pytest.mark.requirement("N3")
def test_somebody_of_the_organisation_is_notified_without_an_account(home: Home) -> None:
    """An address is enough; nobody can sign in with it."""
    janitor = person(home, "janitor@example.org", name="Janitor")
    tell(template(home), "person", person=janitor)
    raise_help(home)
    NoticeWatch().turn()
    assert [(each.who, each.address) for each in out()] == [("Janitor", "janitor@example.org")]
    assert not User.objects.filter(email="janitor@example.org").exists()


@pytest.mark.requirement("N4")
def test_recipients_are_found_when_it_is_sent(home: Home) -> None:
    """Contacts at that time; without those who are locked or of another resident."""
    made = template(home, "device-silent")
    tell(made, "notified")
    others = make_home("Other", home.organisation)
    person(home, "late@example.org", contact=home.contact, is_notified=True)
    person(home, "other@example.org", contact=others.contact, is_notified=True, name="Other")
    now = timezone.now()
    Device.objects.filter(pk=home.device.pk).update(heard_at=now - timedelta(minutes=4))
    find([source for source, _every_s in events.sources().values()], now)
    Contact.objects.filter(pk=home.contact.pk).update(locked=True)
    third = Contact.objects.create(organisation=home.organisation, first_name="New")
    Relation.objects.create(resident=home.resident, contact=third)
    person(home, "new@example.org", contact=third, is_notified=True, name="New")
    send(now + timedelta(minutes=2))
    assert [each.address for each in out()] == ["new@example.org"]


@pytest.mark.requirement("N4")
def test_who_performs_a_cancelled_appointment_is_notified(home: Home, desk: Client) -> None:
    """By name, as a person or a user of the organisation; only where the event has a performer."""
    made = template(home, "appointment-cancelled", subject_en="{appointment}", body_en="{starts}")
    assert desk.post(f"/notices/templates/{made.pk}/rule/", {"to": "performer"}).status_code == 302
    refused = desk.post(f"/notices/templates/{template(home).pk}/rule/", {"to": "performer"})
    assert "Select a valid choice" in refused.text
    person(home, "maija@example.org", name="Maija Meikäläinen")
    person(home, "leena@example.org", name="Leena")
    home.user.first_name, home.user.last_name, home.user.email = "Maija", "Meikäläinen", "m@example.org"
    home.user.save()
    Appointment.objects.filter(pk=home.appointment.pk).update(performer="Maija Meikäläinen")
    CancelledTime.objects.create(appointment=home.appointment, starts=home.appointment.starts)
    NoticeWatch().turn()
    NoticeWatch(lambda: timezone.now() + timedelta(minutes=2)).turn()
    assert sorted(each.address for each in out()) == ["m@example.org", "maija@example.org"]


@pytest.mark.requirement("N2", "N8")
def test_a_change_holds_at_once_and_the_report_says_which_version_went(home: Home, desk: Client) -> None:
    """The recipients need not be set again."""
    made = template(home)
    tell(made, "person", person=person(home, "leena@example.org"))
    where = f"/notices/templates/{made.pk}/"
    words = {"name": "Words", "subject_en": "New", "body_en": "{resident} {nickname}"}
    assert "There is no {nickname}" in desk.post(where, words).content.decode()
    assert desk.post(where, {**words, "body_en": "{resident}!"}).status_code == 302
    raise_help(home)
    NoticeWatch().turn()
    assert [(each.subject, each.body) for each in out()] == [("New", "Lehmus Virtanen!")]
    assert NoticeSent.objects.get().version == 2
    page = desk.get("/notices/").content.decode()
    assert "version 2" in page
    assert "leena@example.org" in desk.get("/notices/report.csv?event=help-raised").content.decode()
    assert "leena@example.org" not in desk.get("/notices/?event=forced-call").content.decode()
    assert "leena@example.org" not in desk.get("/notices/report.csv?state=delivered").content.decode()


@pytest.mark.requirement("N1", "N6")
def test_a_template_belongs_to_one_event_and_says_when_nobody_gets_it(home: Home, desk: Client) -> None:
    """It begins with plain words in four languages."""
    desk.post(f"/notices/templates/new/{home.organisation.pk}/", {"event": "forced-call"})
    made = NoticeTemplate.objects.get(event="forced-call")
    assert len({made.words(code)[0] for code in ("fi", "sv", "da", "en")}) == 4
    assert "not in use" in desk.get("/notices/templates/").content.decode()
    desk.post(f"/notices/templates/{made.pk}/rule/", {"to": "role", "role": ""})
    assert not made.rules.exists()
    desk.post(f"/notices/templates/{made.pk}/rule/", {"to": "role", "role": "nurse"})
    assert "not in use" not in desk.get("/notices/templates/").content.decode()
    raise_help(home)
    NoticeWatch().turn()
    assert not out()


def test_a_street_without_network_is_one_message(home: Home) -> None:
    """Forty devices that are silent: one digest to each recipient; help is never gathered."""
    tell(template(home, "device-fault"), "person", person=person(home, "leena@example.org"))
    tell(template(home), "person", person=Recipient.objects.get(name="Leena"))
    now = timezone.now()
    for number in range(40):
        DeviceFault.objects.create(device=home.device, part=f"part {number}", since=now)
    raise_help(home)
    watch = NoticeWatch(lambda: now)
    watch.turn()
    assert [each.about for each in out()] == ["help-raised"]
    later = NoticeWatch(lambda: now + timedelta(seconds=61))
    later.turn()
    later.turn()
    _help, digest = out()
    assert digest.subject == "41 messages: Words"
    assert (
        NoticeSent.objects.filter(delivery=digest, in_digest=True).count() == Notice.objects.count() - 1 >= 40
    )


def test_more_notices_of_a_kind_look_up_who_gets_them_no_more_often(
    home: Home, guide: NoticeTemplate, django_assert_max_num_queries: Any
) -> None:
    """And what is in the files stays where it is: only their names are written."""
    tell(guide, "person", person=person(home, "leena@example.org"))
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(key=f"k{number}", event=guide.event, organisation=home.organisation, at=now, found_at=now)
        for number in range(4)
    )
    with django_assert_max_num_queries(40) as seen:
        send(now)
    asked = [each["sql"] for each in seen.captured_queries if each["sql"].startswith("SELECT")]
    assert len([sql for sql in asked if 'FROM "notices_noticerule"' in sql]) == 1
    assert not [sql for sql in asked if '"notices_templatefile"."data"' in sql]
    assert [each.body.count("guide one.pdf: ") for each in out()] == [1, 1, 1, 1]


def test_quiet_hours_hold_back_everything_but_help(home: Home) -> None:
    """Until their end, on the organisation's clock."""
    leena = person(home, "leena@example.org", quiet_from=time(0), quiet_until=time(23, 59))
    for event in ("help-raised", "device-fault"):
        tell(template(home, event), "person", person=leena)
    now = timezone.now()
    DeviceFault.objects.filter(device=home.device).update(since=now)
    raise_help(home)
    NoticeWatch(lambda: now).turn()
    send(now + timedelta(seconds=61))
    due = {each.about: each.due_at for each in out()}
    assert due["help-raised"] <= now
    assert due["device-fault"].astimezone(HELSINKI).time() == time(23, 59)


@given(
    st.datetimes(
        timezones=st.just(HELSINKI),
        min_value=BEGINS,
        max_value=BEGINS.replace(year=2031),
        allow_imaginary=False,
    ),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
def test_nothing_goes_out_in_quiet_hours(local: datetime, begins: time, ends: time) -> None:
    """Never earlier than it came, never later than a day; also when the clocks change."""
    allowed = not_before(local, begins, ends)
    assert local.timestamp() <= allowed.timestamp() <= local.timestamp() + 25 * 3600 + 3600
    if begins != ends and allowed != local:
        assert abs(allowed - datetime.combine(allowed.date(), ends, HELSINKI)) <= timedelta(hours=1)


@pytest.mark.requirement("N5", "M10")
def test_who_is_there_already_is_not_made_anew(home: Home, desk: Client) -> None:
    """An address that the desk knows is said; numbers become E.164, and a landline is refused."""
    person(home, "leena@example.org")
    where = f"/notices/recipients/new/{home.organisation.pk}/"
    new = {"name": "Second", "language": "fi", "emails": "LEENA@example.org"}
    assert "has this address already" in desk.post(where, new).content.decode()
    landline = {**new, "numbers": "09 310 1691"}
    assert "takes no text messages" in desk.post(where, landline).content.decode()
    desk.post(where, {**new, "emails": "a@example.org\nb@example.org", "numbers": "040 123 4567"})
    made = Recipient.objects.get(name="Second")
    assert [each.value for each in made.addresses.all()] == [
        "a@example.org",
        "b@example.org",
        "+358401234567",
    ]


@pytest.mark.requirement("M10")
def test_numbers_are_copied_in_bulk_and_what_could_not_be_is_listed(home: Home, desk: Client) -> None:
    """The contact's own numbers stay as they are; twice copies nothing twice."""
    Contact.objects.filter(pk=home.contact.pk).update(phone="040 765 4321")
    for name, phone in (("Land", "09 310 1691"), ("Wrong", "home"), ("None", "")):
        Contact.objects.create(organisation=home.organisation, first_name=name, phone=phone)
    where = f"/notices/recipients/copy/{home.organisation.pk}/"
    page = desk.post(where).content.decode()
    assert "Copied numbers: 1" in page
    assert "Land" in page
    assert "Wrong" in page
    assert "None" not in page
    desk.post(where)
    assert [each.value for each in RecipientAddress.objects.all()] == ["+358407654321"]


@pytest.fixture
def guide(home: Home, desk: Client) -> NoticeTemplate:
    """A template with a file."""
    made = template(home)
    file = SimpleUploadedFile("guide one.pdf", b"%PDF-1.7 guide", content_type="application/pdf")
    desk.post(f"/notices/templates/{made.pk}/file/", {"file": file})
    return made


@pytest.mark.requirement("N7")
def test_files_go_along_as_links_that_work_at_once_and_end(
    home: Home, guide: NoticeTemplate, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For anybody who has the link; a wrong or old one leads nowhere."""
    tell(guide, "person", person=person(home, "leena@example.org"))
    raise_help(home)
    NoticeWatch().turn()
    (sent,) = out()
    link = sent.body.rpartition(settings.DESK_ADDRESS)[2]
    client.logout()
    answer = client.get(link)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 guide")
    assert client.get(link[:-3] + "x/").status_code == 404
    monkeypatch.setattr("cloud.notices.files.LINK_S", -1)
    assert client.get(link).status_code == 404


@pytest.mark.requirement("N7")
def test_files_that_no_mail_should_carry_are_refused(home: Home, desk: Client) -> None:
    """A page with a script, for instance."""
    made = template(home)
    page = SimpleUploadedFile("x.html", b"<script>", content_type="text/html")
    assert (
        "cannot be sent" in desk.post(f"/notices/templates/{made.pk}/file/", {"file": page}).content.decode()
    )
    assert not made.files.exists()


def test_every_source_of_events_runs(home: Home) -> None:
    """Over a home with one of everything: each event has a type, and keys are never twice."""
    found = [
        each
        for source, _every_s in events.sources().values()
        for each in source(timezone.now() - timedelta(days=1))
    ]
    assert all(events.type_of(each.event) for each in found)
    assert len({each.key for each in found}) == len(found)
    for each in found:
        kind = events.type_of(each.event)
        assert kind
        assert set(each.values or {}) <= set(kind.fields) | {"notified", "by"}


@pytest.mark.requirement("N1")
def test_a_cancelled_appointment_an_old_certificate_and_a_returned_update_are_events(home: Home) -> None:
    """Each is found once, with what its words may name."""
    now = timezone.now()
    appointment = home.appointment
    appointment.performer = "Matti"
    appointment.save()
    CancelledTime.objects.create(appointment=appointment, starts="2030-05-01T09:30", by=home.user)
    DeviceFault.objects.create(device=home.device, part="certificate", reason="refused", since=now)
    DeviceRelease.objects.create(
        device=home.device, version="0.2.0", number=2, stage="returned", reason="does not paint", at=now
    )
    wanted = ("appointment-cancelled", "certificate", "update-returned")
    for event in wanted:
        words = {"body_en": " ".join(f"{{{field}}}" for field in events.type_of(event).own_fields)}  # type: ignore[union-attr]
        tell(template(home, event, **words), "person", person=person(home, f"{event}@example.org"))
    for _ in range(2):
        find([source for source, _every_s in events.sources().values()], timezone.now())
    send(timezone.now() + timedelta(minutes=2))
    said = {row.address.removesuffix("@example.org"): row.body.strip() for row in out()}
    assert said == {
        "appointment-cancelled": f"{appointment.title} 1.5. 09:30 Matti",
        "certificate": f"{home.device.pk} refused",
        "update-returned": f"{home.device.pk} 0.2.0 does not paint",
    }
