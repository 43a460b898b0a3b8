"""Whatever a device or a browser sends to the desk: an answer in words, never an error page (K21)."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cloud.family import applying
from cloud.link.ingest import ingest
from cloud.organisations.roles import Role
from device.contract import topics
from docs.generate.types import SAMPLES
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home, make_home, make_user
from tests.cloud.test_roles import pages
from tests.cloud.test_scope import address
from tests.examples import SEED, examples
from tests.fuzz.mutation import mutated

pytestmark = [pytest.mark.requirement("K21"), pytest.mark.django_db]

# fmt: off
STRANGE_TEXT = (
    "", " ", "0", "-1", "9" * 30, "x" * 5000, "\0", "\u202e", "<b>&", "1e400", "nan", "31.2.2026",
    "9999-12-31", "0001-01-01", "25:61", "on", "ﷺ" * 300, "a@b", "+358", "\r\n\r\n", "[" * 3000, "https://[",
)
# fmt: on

CHANNELS = (topics.EVENT, topics.PRESENCE, topics.REPORTED["view"])


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.suffix)
def test_a_message_of_a_device_is_taken_in_or_refused(
    channel: topics.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused with its reason, not by an error that nobody foresaw."""
    home = make_home("Lehmus")
    random = Random(f"{channel.suffix} {SEED}")
    topic = topics.topic(home.device.pk, channel)
    for payload in [mutated(_valid(channel), random) for _ in range(examples(300))]:
        with caplog.at_level(logging.ERROR):
            ingest(topic, payload)
        assert not caplog.records, payload[:2000]


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields are called."""

    def __init__(self, page: str, at: str) -> None:
        super().__init__()
        self._at = at
        self.found: dict[str, set[str]] = {}
        self._fields: set[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms that are posted, by htmx too, and the fields in them."""
        given = dict(attrs)
        target = given.get("hx-post") or (given.get("action") or self._at if tag == "form" else None)
        if target:
            self._fields = self.found.setdefault(target, set())
        elif tag in ("input", "select", "textarea", "button") and self._fields is not None:
            self._fields.add(given.get("name") or "")


def test_a_form_is_taken_or_says_what_is_wrong(client: Client) -> None:
    """Every form on every page, each filled with nonsense: an answer below 500."""
    home = make_home("Lehmus")
    client.force_login(make_user(home.organisation, roles=list(Role)))
    client.raise_request_exception = False
    random = Random(f"forms {SEED}")
    broken = []
    forms = dict(_forms(client, home))
    for target, fields in sorted(forms.items()):
        for _ in range(examples(3)):
            filled = {name: random.choice(STRANGE_TEXT) for name in fields if random.random() < 0.8}
            answer = client.post(target, filled)
            if answer.status_code >= 500:
                broken.append((target, filled, answer.status_code))
    assert len(forms) > 40
    assert broken == []


def test_a_strangers_form_is_taken_or_says_what_is_wrong(home: Home) -> None:
    """Those before the door, and a relative's: some of the nonsense is a file."""
    link = applying.make_link(home.organisation, timedelta(days=90), home.user)
    client = Caller(home.contact).enter().client
    client.raise_request_exception = False
    random = Random(f"strangers {SEED}")
    paths = ["/sign-in/", "/sign-in/forgotten/", "/call/join/lost/", "/call/pictures/"]
    filled_in = 0
    for path in [*paths, f"/call/join/apply/{link.token}/"]:
        page = client.get(path)
        assert page.status_code == 200, path
        for target, fields in _Forms(page.content.decode(), path).found.items():
            for number in range(examples(5)):
                values = {name: random.choice((*STRANGE_TEXT, _file(random))) for name in fields if name}
                answer = client.post(target, values, REMOTE_ADDR=f"192.0.2.{number % 250}")
                assert answer.status_code < 500, (target, values)
                filled_in += 1
    assert filled_in >= 5 * examples(5)


def _file(random: Random) -> SimpleUploadedFile:
    return SimpleUploadedFile("picture.jpg", b"\xff\xd8\xff" + random.randbytes(200), "image/jpeg")


def _forms(client: Client, home: Home) -> Iterator[tuple[str, set[str]]]:
    for _, route in pages():
        answer = client.get(address(route, home))
        if answer.status_code == 200 and not answer.streaming and "html" in answer.headers["Content-Type"]:
            yield from _Forms(answer.content.decode(), answer.request["PATH_INFO"]).found.items()


def _valid(channel: topics.Channel) -> list[bytes]:
    """Envelopes of this channel around every sample of the contract: most bodies are of another kind."""
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("v1/*.json"))]
    head = b'{"schema":1,"id":"0192f0c1-2d3e-7f45-8a6b-7c8d9e0f1a2b","sent_at":"2026-11-21T10:00:00Z"'
    return [b'%s,"type":"%s","body":%s}' % (head, channel.type.encode(), body) for body in samples]
