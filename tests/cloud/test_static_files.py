"""What the desk's pages are made of reaches the browser whole, and no file stays open behind it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_static_file_is_sent_whole_with_its_type(client: Client) -> None:
    """A file is in the answer itself, with its length and type: a browser that leaves keeps no file open."""
    response = client.get("/static/desk/watchdog.js")

    assert response.status_code == 200
    assert not response.streaming
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert int(response.headers["Content-Length"]) == len(response.content) > 0


def test_a_static_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    """A browser that has the file already gets 304 without a body."""
    first = client.get("/static/desk/watchdog.js")

    unless_newer = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = client.get("/static/desk/watchdog.js", headers=unless_newer)

    assert (again.status_code, again.content) == (304, b"")
