"""Photos of residents and contacts: made small and anonymous, or refused in plain words."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cloud.organisations.roles import Role
from cloud.people import photo
from cloud.people.models import Photo
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.test_residents import contact_fields, people


def picture(width: int, height: int, format_: str = "JPEG", mode: str = "RGB", **save: object) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new(mode, (width, height), "#446688").save(out, format_, **save)
    return out.getvalue()


def shrink(content: bytes) -> Image.Image:
    """The picture as a device gets it."""
    return Image.open(BytesIO(photo.square_jpeg(BytesIO(content), len(content))))


@pytest.mark.parametrize("size", [(2000, 3000), (3000, 600), (512, 512)])
def test_large_pictures_become_squares_of_512(size: tuple[int, int]) -> None:
    """Whatever its shape, the photo is a JPEG of 512 pixels a side."""
    small = shrink(picture(*size))
    assert (small.format, small.size) == ("JPEG", (512, 512))


def test_small_pictures_are_not_blown_up() -> None:
    """A picture of 100 × 200 becomes 100 × 100."""
    assert shrink(picture(100, 200)).size == (100, 100)


@pytest.mark.parametrize(
    ("format_", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_every_usual_kind_is_read(format_: str, mode: str) -> None:
    """PNG with and without transparency, grey, WebP, print JPEG."""
    assert shrink(picture(60, 60, format_, mode)).mode == "RGB"


def test_where_and_when_it_was_taken_is_dropped() -> None:
    """EXIF does not travel; the picture is turned upright as it said."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker", 6
    small = shrink(picture(40, 80, exif=exif))
    assert not small.getexif()


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture(300, 300)[:400]]
)
def test_broken_files_are_refused(content: bytes) -> None:
    """Text, drawings and half a picture get a clear error."""
    with pytest.raises(ValidationError):
        shrink(content)


def test_huge_pictures_are_refused() -> None:
    """Neither 10 MB of bytes nor a bomb of pixels is unpacked."""
    with pytest.raises(ValidationError, match="too large"):
        photo.square_jpeg(BytesIO(b""), 11_000_000)
    with pytest.raises(ValidationError, match="too many pixels"):
        shrink(picture(8000, 8000, "PNG", "1"))


def resident_fields(home: Home, **more: object) -> dict[str, object]:
    """The form of a resident's own data."""
    return {
        "first_name": "Aino",
        "last_name": "Virtanen",
        "organisation": home.organisation.pk,
        **more,
    }


def addresses(page: bytes) -> set[str]:
    """The addresses of the photos on a page."""
    return set(re.findall(r'<img class="face[^>]* src="([^"]+)"', page.decode()))


def test_resident_has_a_photo_which_never_goes_to_the_device(desk: Client, home: Home) -> None:
    """Uploaded on the resident's page, cut to a square, shown there and in the list; no document names it."""
    upload = SimpleUploadedFile("aino.jpg", picture(900, 600), "image/jpeg")
    answer = desk.post(f"/residents/{home.resident.pk}/", resident_fields(home, picture=upload), follow=True)
    home.resident.refresh_from_db()
    kept = home.resident.photo
    assert kept
    assert Image.open(BytesIO(bytes(kept.data))).size == (512, 512)
    where = f"/residents/photos/{kept.pk}/"
    assert where in addresses(answer.content)
    assert where in addresses(desk.get("/residents/").content)
    assert desk.get(where).content == bytes(kept.data)
    assert all(kept.sha256 not in str(document.body) for document in home.device.documents.all())


def test_resident_without_a_readable_picture_keeps_the_old_one(desk: Client, home: Home) -> None:
    """Nonsense is refused at its field, and nothing is saved."""
    upload = SimpleUploadedFile("aino.jpg", b"no picture", "image/jpeg")
    fields = resident_fields(home, first_name="Another", picture=upload)
    page = desk.post(f"/residents/{home.resident.pk}/", fields).content.decode()
    assert "This is not a picture we can read" in page
    home.resident.refresh_from_db()
    assert (home.resident.first_name, home.resident.photo) == (home.mark, home.photo)


@pytest.mark.requirement("V17")
def test_an_erased_photo_is_not_shown_from_a_cache(desk: Client, home: Home) -> None:
    """The browser asks each time: answered without the picture while it is the same, then not at all."""
    where = f"/residents/photos/{home.photo.pk}/"
    served = desk.get(where)
    assert served.headers["Cache-Control"] == "private, no-cache"
    again = {"If-None-Match": served.headers["ETag"]}
    unchanged = desk.get(where, headers=again)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    home.photo.delete()
    assert desk.get(where, headers=again).status_code == 404


def test_photo_moves_to_another_organisation_with_the_resident(desk: Client, home: Home) -> None:
    """Everybody who sees the resident there sees the photo; the former organisation keeps none."""
    below = make_home("Below", parent=home.organisation)
    home.contact.photo = None
    home.contact.save()
    desk.post(f"/residents/{home.resident.pk}/", resident_fields(home, organisation=below.organisation.pk))
    home.resident.refresh_from_db()
    assert home.resident.photo
    assert home.resident.photo.organisation == below.organisation
    assert not Photo.objects.filter(organisation=home.organisation).exists()


def test_photo_is_seen_where_somebody_helps(desk: Client, home: Home) -> None:
    """On the help board and its page, on the page of the agent's customer, on the operator's alarm."""
    own = f"/residents/photos/{home.photo.pk}/"
    assert own in addresses(desk.get("/help/").content)
    assert own in addresses(desk.get(f"/help/{home.help.pk}/close/").content)
    for page in (f"/queue/visits/{home.visit.pk}/", f"/partner/alarms/{home.help.pk}/"):
        assert f"{page}photo/" in addresses(desk.get(page).content)
        served = desk.get(f"{page}photo/")
        assert served.content == b"jpeg"
        assert served.headers["Cache-Control"] == "private, no-store"


def test_operator_sees_the_photo_only_while_the_alarm_is_open(home: Home) -> None:
    """The role of the operator opens the alarm's photo, not the residents'; after the close, none."""
    operator = Client()
    operator.force_login(make_user(home.organisation, roles=[Role.PARTNER_OPERATOR]))
    page = f"/partner/alarms/{home.help.pk}/"
    assert operator.get(f"{page}photo/").status_code == 200
    assert operator.get(f"/residents/photos/{home.photo.pk}/").status_code == 403
    home.help.closed_at = timezone.now()
    home.help.save()
    assert operator.get(f"{page}photo/").status_code == 404
    assert addresses(operator.get(page).content) == set()


def test_photos_of_another_organisation_do_not_exist(desk: Client, home: Home, foreign: Home) -> None:
    """By none of the three ways."""
    for where in (
        f"/residents/photos/{foreign.photo.pk}/",
        f"/partner/alarms/{foreign.help.pk}/photo/",
        f"/queue/visits/{foreign.visit.pk}/photo/",
    ):
        assert desk.get(where).status_code == 404


def test_uploaded_photo_reaches_the_document_by_its_digest(desk: Client, home: Home) -> None:
    """The people document names the photo by the digest of the bytes that the desk serves."""
    upload = SimpleUploadedFile("leena.jpg", picture(900, 900), "image/jpeg")
    desk.post(f"{people(home)}new/", contact_fields(picture=upload))
    named = home.device.documents.get(name="people").body["contacts"][1]["photo"]
    kept = Photo.objects.get(sha256=named)
    served = desk.get(f"/residents/photos/{kept.pk}/")
    assert sha256(served.content).hexdigest() == named
    assert served.headers["Content-Type"] == "image/jpeg"


def test_broken_upload_is_said_at_its_field(desk: Client, home: Home) -> None:
    """The form comes back with the reason; nothing is saved."""
    upload = SimpleUploadedFile("leena.jpg", b"no picture", "image/jpeg")
    page = desk.post(f"{people(home)}new/", contact_fields(picture=upload)).content.decode()
    assert "This is not a picture we can read" in page
    assert home.resident.relations.count() == 1


def test_removed_photo_is_forgotten(desk: Client, home: Home) -> None:
    """A photo that nobody has any more leaves the database; until then it stays for the other person."""
    desk.post(f"{people(home)}{home.relation.pk}/", contact_fields(without_picture="on"))
    assert Photo.objects.get() == home.resident.photo
    desk.post(f"/residents/{home.resident.pk}/", resident_fields(home, without_picture="on"))
    assert not Photo.objects.exists()


@pytest.mark.parametrize("kind", ["HEIF", "PNG-16", "CMYK", "P", "LA", "rotated"])
def test_pictures_of_telephones_and_scanners_are_taken(kind: str) -> None:
    """HEIC, sixteen bits a pixel, and whatever else a camera or a scanner makes: grey stays grey."""
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    out = BytesIO()
    match kind:
        case "PNG-16":
            Image.new("I;16", (64, 64), 128 * 256).save(out, "PNG")
        case "CMYK":
            grey.convert("CMYK").save(out, "JPEG")
        case "P" | "LA":
            grey.convert("L").convert(kind).save(out, "PNG")
        case "rotated":
            exif = Image.Exif()
            exif[0x0112] = 6
            grey.save(out, "JPEG", exif=exif)
        case _:
            grey.save(out, kind)
    small = Image.open(BytesIO(photo.square_jpeg(BytesIO(out.getvalue()), len(out.getvalue()))))
    counts = small.convert("L").histogram()
    assert 118 <= counts.index(max(counts)) <= 138
