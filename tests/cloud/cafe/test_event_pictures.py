"""The picture of an event: chosen at the desk, shown with the invitation on the screens of those invited."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cloud.cafe import keeping
from cloud.cafe.models import EventPicture, Meeting
from cloud.devices import pictures
from cloud.devices.documents import compose
from tests.cloud.homes import Home, make_home

pytestmark = pytest.mark.requirement("V24")


def photo(colour: str = "green", width: int = 2000, height: int = 1000) -> SimpleUploadedFile:
    """A picture as a phone takes it, with the place in it."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (60.0, 10.0, 0.0)}
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def event(home: Home) -> Meeting:
    """The event of the home, without a picture so far."""
    EventPicture.objects.all().delete()
    home.meeting.refresh_from_db()
    return home.meeting


def save(desk: Client, event: Meeting, **more: Any) -> str:
    """The page after the event was saved with these fields."""
    tomorrow = (timezone.localtime() + timedelta(days=1)).date()
    fields = {
        "organisation": event.organisation_id,
        "title": event.title,
        "repeats_days": event.repeats_days,
        "hosts": [user.pk for user in event.hosts.all()],
        "invited": [resident.pk for resident in event.invited.all()],
        "day": tomorrow.isoformat(),
        "begins": "10",
        "finishes": "11",
        **more,
    }
    return desk.post(f"/events/{event.pk}/", fields, follow=True).content.decode()


def shown(home: Home) -> str | None:
    """The digest of the picture that the device's document names."""
    document: Any = compose(home.device)["cafe"]
    digest: str | None = document.meetings[0].photo
    return digest


def test_the_picture_reaches_the_screen_small_and_without_its_place(
    desk: Client, home: Home, event: Meeting
) -> None:
    """The device of an invited resident may fetch it; the desk's page shows it."""
    save(desk, event, picture=photo())
    digest = shown(home)
    assert digest
    found = pictures.find(home.device, digest)
    assert found
    with Image.open(BytesIO(found[0])) as small:
        assert small.size == (1280, 640)
        assert not small.getexif()
    page = desk.get(f"/events/{event.pk}/").content.decode()
    assert f"/events/{event.pk}/picture/" in page
    assert desk.get(f"/events/{event.pk}/picture/").content == found[0]


def test_nobody_else_gets_it(desk: Client, home: Home, event: Meeting) -> None:
    """Neither the device of another home nor its desk; nor this device, once the event has ended."""
    save(desk, event, picture=photo())
    digest, other = shown(home) or "", make_home("Elsewhere")
    assert pictures.find(other.device, digest) is None
    desk.force_login(other.user)
    assert desk.get(f"/events/{event.pk}/picture/").status_code == 404
    keeping.end(event, "ended_for_all")
    assert pictures.find(home.device, digest) is None


def test_what_is_no_picture_is_refused_with_a_reason(desk: Client, home: Home, event: Meeting) -> None:
    """Nothing of the form is saved."""
    broken = SimpleUploadedFile("photo.jpg", b"MZ no picture", content_type="image/jpeg")
    assert "not a picture we can read" in save(desk, event, title="Other", picture=broken)
    assert Meeting.objects.get(pk=event.pk).title == event.title
    assert shown(home) is None


def test_a_repetition_keeps_it_and_a_new_one_replaces_it(desk: Client, home: Home, event: Meeting) -> None:
    """A picture that no event has any more is deleted."""
    save(desk, event, picture=photo(), repeats_days=7)
    first = shown(home)
    event.refresh_from_db()
    keeping.end(event, "ended_for_all")
    assert shown(home) == first
    Meeting.objects.filter(pk=event.pk).delete()
    following = Meeting.objects.get(ended_at=None)
    save(desk, following, picture=photo("red"))
    assert shown(home) not in (None, first)
    assert EventPicture.objects.count() == 1
    save(desk, following, without_picture="on")
    assert shown(home) is None
    assert not EventPicture.objects.exists()
