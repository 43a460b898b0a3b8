"""Before a view is sent, the desk shows the very screen."""

import io
import re
from base64 import b64decode

import pytest
from django.test import Client
from PIL import Image, ImageChops

from cloud.screens.models import ResidentView
from tests.cloud.homes import Home
from tests.cloud.test_device_page import LOOKS


def preview(desk: Client, home: Home, **fields: str) -> str:
    """The fragment with the picture."""
    return desk.post(f"/devices/{home.device.pk}/preview/", {**LOOKS, **fields}).content.decode()


def picture(html: str) -> Image.Image:
    """The picture in the fragment."""
    found = re.search(r'src="data:image/png;base64,([^"]+)"', html)
    assert found, html
    return Image.open(io.BytesIO(b64decode(found[1]))).convert("RGB")


@pytest.mark.requirement("K9")
def test_the_preview_is_drawn_from_the_form_and_nothing_is_saved(desk: Client, home: Home) -> None:
    """The same picture for the same view, another for another, and the saved view stays as it was."""
    before = ResidentView.objects.filter(resident=home.device.resident).values().first()
    empty = picture(preview(desk, home))
    people = picture(preview(desk, home, relatives="on"))
    assert empty.size == people.size == (1280, 800)
    assert ImageChops.difference(empty, people).getbbox()
    assert ResidentView.objects.filter(resident=home.device.resident).values().first() == before


@pytest.mark.requirement("K9")
def test_a_wrong_form_is_not_drawn(desk: Client, home: Home) -> None:
    """The nurse is asked to correct it first."""
    html = preview(desk, home, language="xx")
    assert "base64" not in html
    assert "Please correct what is marked first." in html


@pytest.mark.requirement("K9")
def test_a_desk_that_cannot_draw_says_so(desk: Client, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving does not depend on the preview."""
    monkeypatch.setattr("cloud.screens.preview.PATIENCE_S", 0.001)
    assert "Saving works all the same." in preview(desk, home, clock="on")
