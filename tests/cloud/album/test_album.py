"""From the family: a relative sends pictures and words, the resident answers with hearts (K19)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from PIL import Image

from cloud.album.models import FamilyPicture, PausedSender
from cloud.album.sending import MOST_A_DAY, send
from cloud.calls import links
from cloud.devices import pictures
from cloud.devices.documents import compose
from cloud.devices.incoming import handle_event
from cloud.messages.models import Message
from device.contract.events import WireEvent
from device.contract.messages import MOST_PICTURES, MessageAnswered
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K19")


def photo(width: int = 1600, height: int = 900, kind: str = "JPEG") -> SimpleUploadedFile:
    """A picture from a telephone, with the place where it was taken."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (60.0, 10.0, 0.0)}
    Image.new("RGB", (width, height), "green").save(out, kind, exif=exif)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def phone(home: Home) -> Client:
    """The relative's phone, which has opened their personal link."""
    _link, secret = links.make(home.contact, by=None, lifetime=timedelta(days=1))
    phone = Client(headers={"accept-language": "en"})
    phone.post("/call/enter/", {"secret": secret}, content_type="application/json")
    return phone


def post(phone: Client, home: Home, **fields: Any) -> str:
    """The page after something was sent."""
    fields["resident"] = home.resident.pk
    return phone.post("/call/pictures/", fields, follow=True).content.decode()


def sent() -> QuerySet[FamilyPicture]:
    """What was sent in the test."""
    return FamilyPicture.objects.exclude(sha256="b" * 64)


def plan(home: Home) -> Any:
    """What the device is sent."""
    return compose(home.device)["messages"]


def test_a_picture_comes_to_the_screen_small_and_without_its_place(home: Home, phone: Client) -> None:
    """As a message with its sender, in the language of the screen, and into the album."""
    assert "on its way" in post(phone, home, words="Hello  there", picture=photo())
    (message,) = [each for each in plan(home).messages if each.sender]
    assert message.title.endswith("sent you a picture")
    assert (message.sender, message.body) == ("Lehmus Relative", "Hello there")
    kept = plan(home).album[0]
    assert kept.photo == message.photo
    found = pictures.find(home.device, kept.photo)
    assert found
    with Image.open(BytesIO(found[0])) as small:
        assert small.size == (1280, 720)
        assert not small.getexif()


def test_a_page_of_pictures_leaves_their_bytes_where_they_are(
    home: Home, phone: Client, django_assert_max_num_queries: Any
) -> None:
    """Each comes by itself, when the browser asks for it."""
    post(phone, home, words="Hello", picture=photo())
    with django_assert_max_num_queries(40) as seen:
        page = phone.get("/call/pictures/").content.decode()
    assert f"/call/pictures/{sent().get().pk}/" in page
    asked = [each["sql"] for each in seen.captured_queries]
    assert [sql for sql in asked if 'FROM "album_familypicture"' in sql]
    assert not [sql for sql in asked if '"album_familypicture"."data"' in sql]


def test_hearts_come_back_to_the_relatives_page(home: Home, phone: Client) -> None:
    """As many as the resident touched."""
    post(phone, home, words="Hello")
    message = Message.objects.get(sender="Lehmus Relative")
    answered = MessageAnswered(message_id=str(message.pk), answer="two-hearts")
    event = WireEvent(
        sequence=1, boot_id="1", monotonic_s=1, happened_at=timezone.now(), clock_trusted=True, what=answered
    )
    handle_event(home.device, event)
    message.refresh_from_db()
    assert (message.state, message.hearts) == ("read", 2)
    page = phone.get("/call/pictures/").content.decode()
    assert page.count("❤") == 2
    assert plan(home).album[0].words == "Hello"


def test_the_desk_may_pause_a_sender_and_remove_a_picture(home: Home, phone: Client) -> None:
    """A paused one can send nothing, and again when they are allowed; what is removed leaves the screen."""
    post(phone, home, words="Unkind")
    phone.force_login(home.user)
    where = f"/residents/{home.resident.pk}/pictures/"
    assert "Unkind" in phone.get(where).content.decode()
    phone.post(f"{where}pause/{home.contact.pk}/")
    assert "cannot send anything" in post(phone, home, words="Again")
    assert sent().count() == 1
    phone.post(f"{where}{sent().get().pk}/remove/")
    assert [each.words for each in plan(home).album] == ["Lehmus words"]
    assert not [each for each in plan(home).messages if each.sender]
    phone.post(f"{where}pause/{home.contact.pk}/", {"again": 1})
    assert not PausedSender.objects.exists()
    assert "on its way" in post(phone, home, words="Kind")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (SimpleUploadedFile("x.jpg", b"no picture"), "not a picture"),
        (SimpleUploadedFile("x.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50), "picture"),
        (SimpleUploadedFile("x.jpg", b"0" * 10_000_001), "too large"),
        (None, "Choose a picture"),
    ],
)
def test_what_is_no_picture_is_said(home: Home, phone: Client, picture: Any, words: str) -> None:
    """Nothing of it comes to the screen."""
    fields = {"picture": picture} if picture else {}
    assert words in post(phone, home, **fields)
    assert not sent().exists()


def test_a_picture_of_too_many_pixels_is_refused(home: Home, phone: Client) -> None:
    """49 million are taken, 51 million are not, whatever the file is called."""
    assert "too many pixels" in post(phone, home, picture=photo(51_000, 1_000))
    assert "on its way" in post(phone, home, picture=photo(49_000, 1_000))
    assert Image.open(BytesIO(sent().get().data)).size == (1280, 26)


def test_nobody_fills_the_screen_or_the_album(home: Home, phone: Client) -> None:
    """Twenty a day of one sender, sixty in the album."""
    for number in range(MOST_A_DAY):
        send(home.contact, home.resident, f"Number {number}", b"")
    assert "enough for today" in post(phone, home, words="One more")
    long_ago = timezone.now() - timedelta(days=2)
    FamilyPicture.objects.update(sent_at=long_ago)
    FamilyPicture.objects.bulk_create(
        FamilyPicture(resident=home.resident, sender="Leena", words="x", sent_at=long_ago) for _ in range(60)
    )
    post(phone, home, words="The newest")
    assert FamilyPicture.objects.count() == MOST_PICTURES
    assert plan(home).album[0].words == "The newest"


def test_strangers_see_and_send_nothing(home: Home, foreign: Home, client: Client, phone: Client) -> None:
    """Neither without a link, nor to somebody else's resident, nor by another's device."""
    assert "on its way" not in post(phone, foreign, words="Hello")
    post(phone, home, picture=photo())
    found = sent().get()
    assert phone.get(f"/call/pictures/{found.pk}/").status_code == 200
    assert pictures.find(foreign.device, found.sha256) is None
    assert client.get(f"/call/pictures/{found.pk}/").status_code == 404
    assert client.get("/call/pictures/").status_code == 302
