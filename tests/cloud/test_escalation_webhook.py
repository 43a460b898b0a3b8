"""The partner's webhook: a real HTTPS server gets a signed alarm, and is asked again when it fails."""

import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cloud.base import https_post, signed_post
from cloud.help import webhook
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpStep, Partner
from tests.cloud.homes import Home
from tests.cloud.https_server import trusted_authority
from tests.cloud.ladder_story import Story
from tests.cloud.partner_server import PartnerServer, partner_server

pytestmark = [pytest.mark.requirement("S1"), pytest.mark.requirement("K3")]

SECRET = "a secret of the partner"


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[PartnerServer]:
    """A partner whose certificate the desk trusts."""
    authority = trusted_authority(tmp_path, settings)
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    settings.PARTNER_MAY_BE_LOCAL = True
    with partner_server(authority) as running:
        yield running


@pytest.fixture
def story(home: Home, server: PartnerServer) -> Story:
    """A request that nobody answers, and a partner with a webhook and mail."""
    Partner.objects.update(webhook_url=server.url, webhook_secret=SECRET)
    return Story(home)


def test_the_alarm_is_signed_and_says_who_and_which_contacts_to_call(
    story: Story, server: PartnerServer
) -> None:
    """Time and body are signed with the partner's secret; the numbers are those that hold now."""
    story.at(60)
    assert story.at(180) == [("Lehmus partner", "webhook", "delivered")]
    ((headers, body),) = server.alarms
    at_s, digest = (part.partition("=")[2] for part in headers[signed_post.SIGNATURE].split(","))
    expected = hmac.new(SECRET.encode(), at_s.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(digest, expected)
    alarm = json.loads(body)
    assert alarm["request"] == story.home.help.help_id
    assert alarm["resident"]["first_name"] == "Lehmus"
    assert [contact["name"] for contact in alarm["contacts"]] == ["Lehmus neighbour"]
    assert alarm["received_at"] == "2026-06-01T08:00:00+00:00"


@pytest.mark.requirement("K12")
def test_the_alarm_is_what_its_description_says(story: Story, server: PartnerServer) -> None:
    """A partner who builds by docs/webhook.openapi.json finds every field, and no other."""
    story.at(60)
    story.at(180)
    described = json.loads(Path("docs/webhook.openapi.json").read_text(encoding="utf-8"))
    schema = described["components"]["schemas"]["Alarm"]
    alarm = json.loads(server.alarms[0][1])
    assert set(alarm) == set(schema["properties"]) == set(schema["required"])
    assert set(alarm["resident"]) == set(schema["properties"]["resident"]["properties"])
    assert set(alarm["contacts"][0]) == set(schema["properties"]["contacts"]["items"]["properties"])
    headers = {
        each["name"]: each["schema"]["pattern"]
        for each in described["webhooks"]["alarm"]["post"]["parameters"]
    }
    for name, pattern in headers.items():
        assert re.search(pattern, server.alarms[0][0][name])


def test_a_partner_who_fails_gets_mail_and_is_asked_again(story: Story, server: PartnerServer) -> None:
    """Mail at once, then the webhook after 5 and 15 s more, until it is taken."""
    server.statuses += [503, 500]
    story.at(60)
    assert story.at(180) == [
        ("Lehmus partner", "webhook", "failed"),
        ("Lehmus partner", "email", "sent"),
    ]
    assert story.at(184) == []
    assert story.at(185) == [("Lehmus partner", "webhook", "failed")]
    assert story.at(200) == [("Lehmus partner", "webhook", "delivered")]
    assert story.at(300) == []
    assert story.steps().order_by("pk")[1].reason == "HTTP 503"


def test_each_alarm_differs_from_the_others(story: Story, server: PartnerServer) -> None:
    """The same request, another step: another key, so that a partner can drop what came twice."""
    story.at(60)
    story.at(180)
    story.at(480)
    keys = [headers["Idempotency-Key"] for headers, _ in server.alarms]
    assert len(keys) == len(set(keys)) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404])
def test_only_2xx_is_taken(server: PartnerServer, status: int) -> None:
    """A redirect is not followed: the alarm goes where it was meant to go, or nowhere."""
    server.statuses.append(status)
    with pytest.raises(Undeliverable, match=str(status)):
        webhook.post(server.url, SECRET, {"id": "1"})
    assert len(server.alarms) == 1


def test_a_stranger_with_another_certificate_gets_nothing(server: PartnerServer, settings: Any) -> None:
    """Without trust no alarm leaves the desk."""
    settings.PARTNER_AUTHORITY = ""
    with pytest.raises(Undeliverable, match="CERTIFICATE_VERIFY_FAILED"):
        webhook.post(server.url, SECRET, {"id": "1"})
    assert server.alarms == []


@pytest.mark.parametrize("url", ["http://localhost/", "ftp://localhost/", "https:///x", "nonsense"])
def test_only_https_is_an_address(url: str) -> None:
    """Names and numbers of residents do not travel in the open."""
    with pytest.raises(Undeliverable, match="not an HTTPS address"):
        webhook.post(url, SECRET, {"id": "1"})


def test_a_partner_who_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that opens and stays silent ends with a reason."""
    monkeypatch.setattr(https_post, "STEP_S", 0.1)
    with closing(socket.create_server(("localhost", 0))) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}/"
        with pytest.raises(Undeliverable, match="timed out"):
            webhook.post(url, SECRET, {"id": "1"})


def test_a_partner_who_drips_is_cut_off(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header a byte at a time does not hold up the ladder."""
    monkeypatch.setattr(https_post, "MOST_S", 0.3)
    authority = trusted_authority(tmp_path, settings)
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    settings.PARTNER_MAY_BE_LOCAL = True
    with partner_server(authority) as server:
        ended = threading.Event()

        def drip(handler: Any) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.05):
                handler.wfile.write(b"x")

        server.instead.append(drip)
        try:
            with pytest.raises(Undeliverable):
                webhook.post(server.url, SECRET, {"id": "1"})
        finally:
            ended.set()


def test_without_a_partners_mail_the_webhook_is_all(story: Story, server: PartnerServer) -> None:
    """A partner with one way is tried by that way."""
    Partner.objects.update(email="")
    server.statuses.append(500)
    story.at(60)
    assert story.at(180) == [("Lehmus partner", "webhook", "failed")]
    assert story.at(185) == [("Lehmus partner", "webhook", "delivered")]
    assert HelpStep.objects.filter(kind="partner").count() == 2
