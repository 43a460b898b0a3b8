"""What a device may ask over HTTPS, of a real desk with a certificate of its own authority."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from msgspec import Raw

from cloud.devices import documents
from cloud.devices.claims import issue_claim
from cloud.devices.commands import issue
from cloud.devices.models import Device, DeviceCommand, DeviceEvent, RejectedInput
from cloud.help.models import HelpRequest
from cloud.organisations.models import Organisation, User
from cloud.organisations.roles import Role
from cloud.people.models import Contact, Photo, Relation, Resident
from device.contract.claim import mark_of
from device.contract.commands import StopRemoteView
from device.contract.events import HelpRaised, WireEvent
from device.contract.identity import new_id
from device.contract.wire import seal, unseal
from device.link.bearer import authorization
from tests.link.broker_process import answers, free_ports
from tests.link.desk_process import DeskProcess
from tests.link.fixtures import DeskAddresses
from tests.link.tablet import Identity
from tests.link.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

PHOTO = "ab" * 32


class Caller:
    """A device that asks over HTTPS."""

    def __init__(self, addresses: DeskAddresses, identity: Identity) -> None:
        self.identity = identity
        trust = ssl.create_default_context(cafile=str(addresses.authority))
        self.http = httpx.Client(base_url=f"{addresses.devices}/device/v1", verify=trust, timeout=20)

    def headers(self) -> dict[str, str]:
        """Return headers with a new token."""
        return {"Authorization": authorization(self.identity.id, self.identity.key, datetime.now(UTC))}

    def get(self, path: str) -> httpx.Response:
        """With a token of its own."""
        return self.http.get(path, headers=self.headers())

    def send(self, events: list[Any]) -> httpx.Response:
        return self.http.post("/events", content=msgspec.json.encode(events), headers=self.headers())


@pytest.fixture
def caller(desk_addresses: DeskAddresses, enrolled_device: Identity) -> Any:
    made = Caller(desk_addresses, enrolled_device)
    yield made
    made.http.close()


@pytest.mark.requirement("K3")
def test_help_arrives_over_https(caller: Caller) -> None:
    """The same envelopes as over MQTT, with the same receipt; twice is once."""
    ids = [new_id(datetime.now(UTC)) for _ in range(2)]
    envelopes = [_help(id_, f"help-{number}") for number, id_ in enumerate(ids, 1)]
    assert caller.send(envelopes).json() == {"ids": ids}
    assert caller.send(envelopes).json() == {"ids": ids}
    assert DeviceEvent.objects.count() == 2
    assert HelpRequest.objects.count() == 1


def test_one_bad_event_does_not_stop_the_others(caller: Caller) -> None:
    """It gets no receipt, and the desk sees why."""
    good = new_id(datetime.now(UTC))
    answer = caller.send([{"schema": 99}, _help(good, "help-1"), 3])
    assert answer.json() == {"ids": [good]}
    assert RejectedInput.objects.count() == 2


@pytest.mark.requirement("K3")
def test_commands_that_wait_can_be_had_over_https(caller: Caller, resident: Resident) -> None:
    """Its own, as over MQTT, until they are answered or have expired; nobody else's."""
    device = Device.objects.get(pk=caller.identity.id)
    stranger = Device.objects.create(pk="b" * 16, organisation=resident.organisation, certificate_pem="x")
    command = issue(device, StopRemoteView(), by=None, lifetime=timedelta(minutes=5))
    issue(device, StopRemoteView(), by=None, lifetime=timedelta(seconds=-1))
    issue(stranger, StopRemoteView(), by=None, lifetime=timedelta(minutes=5))
    envelopes = msgspec.json.decode(caller.get("/commands").content, type=list[Raw])
    assert [unseal(bytes(each), "command").id for each in envelopes] == [str(command.pk)]
    DeviceCommand.objects.update(final=True)
    assert caller.get("/commands").json() == []


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"nonsense", 400, "not valid JSON"),
        (b"{}", 400, "expected a list"),
        (b"[" + b"0," * 600 + b"0]", 400, "601 events at once"),
        (b" " * 1_200_000, 413, "too large"),
    ],
)
def test_what_cannot_be_read_is_refused(caller: Caller, content: bytes, status: int, words: str) -> None:
    """In plain words, with a fitting status."""
    answer = caller.http.post("/events", content=content, headers=caller.headers())
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_a_device_gets_the_photos_of_its_own_people(caller: Caller, resident: Resident) -> None:
    """And no others: a photo that its people document does not name does not exist for it."""
    photo = Photo.objects.create(
        sha256=PHOTO, organisation=resident.organisation, content_type="image/jpeg", data=b"\xff\xd8jpeg"
    )
    assert caller.get(f"/photos/{PHOTO}").status_code == 404
    contact = Contact.objects.create(
        organisation=resident.organisation, first_name="Matti", last_name="Virtanen", photo=photo
    )
    Relation.objects.create(resident=resident, contact=contact)
    documents.refresh_resident(resident)
    answer = caller.get(f"/photos/{PHOTO}")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    for name in ("", "0" * 64, "%2e%2e"):
        assert caller.get(f"/photos/{name}").status_code == 404


def test_a_photo_of_another_organisation_is_not_handed_out(caller: Caller, resident: Resident) -> None:
    """Where two organisations have the same digest, each gets its own picture."""
    elsewhere = Organisation.objects.create(name="Elsewhere")
    Photo.objects.create(sha256=PHOTO, organisation=elsewhere, content_type="image/png", data=b"theirs")
    ours = Photo.objects.create(
        sha256=PHOTO, organisation=resident.organisation, content_type="image/jpeg", data=b"ours"
    )
    contact = Contact.objects.create(
        organisation=resident.organisation, first_name="M", last_name="V", photo=ours
    )
    Relation.objects.create(resident=resident, contact=contact)
    documents.refresh_resident(resident)
    assert caller.get(f"/photos/{PHOTO}").content == b"ours"


@pytest.mark.requirement("V5")
def test_who_does_not_prove_who_they_are_gets_nothing(caller: Caller) -> None:
    """No token, nonsense, another's key, too long, too old, for somebody else, without a number: 401."""
    now = datetime.now(UTC)
    stranger = ec.generate_private_key(ec.SECP256R1())
    mine = caller.identity
    for token, words in (
        ("", "a bearer token is needed"),
        ("Basic abc", "a bearer token is needed"),
        ("Bearer nonsense", "cannot be read"),
        (authorization("a" * 16, mine.key, now), "not enrolled"),
        (authorization(mine.id, stranger, now), "Signature verification failed"),
        (authorization(mine.id, mine.key, now - timedelta(minutes=5)), "expired"),
        (_token(mine, exp=now + timedelta(hours=1)), "too long"),
        (_token(mine, aud="somebody-else"), "Audience"),
        (_token(mine, jti=None), "jti"),
        (f"Bearer {jwt.encode(_claims(mine), '', algorithm='none')}", "not valid"),
        (f"Bearer {jwt.encode(_claims(mine), 'x' * 32, algorithm='HS256')}", "not valid"),
    ):
        answer = caller.http.get(f"/photos/{PHOTO}", headers={"Authorization": token})
        assert answer.status_code == 401, words
        assert words in answer.json()["error"]


def test_a_token_works_once(caller: Caller) -> None:
    """Who copies one from the wire has nothing."""
    headers = caller.headers()
    assert caller.http.get(f"/photos/{PHOTO}", headers=headers).status_code == 404
    again = caller.http.get(f"/photos/{PHOTO}", headers=headers)
    assert (again.status_code, again.json()["error"]) == (401, "the token has been used already")


def test_a_revoked_device_gets_nothing(caller: Caller) -> None:
    """Over HTTPS as at the broker."""
    Device.objects.update(certificate_pem="")
    assert caller.get(f"/photos/{PHOTO}").status_code == 401


def test_each_door_leads_to_its_own_rooms(desk_addresses: DeskAddresses, caller: Caller) -> None:
    """Pages only here, devices only there; a wrong method is named."""
    assert httpx.get(f"{desk_addresses.pages}/device/v1/enrol").status_code == 404
    assert caller.http.get(f"{desk_addresses.devices}/sign-in/").status_code == 404
    assert httpx.get(f"{desk_addresses.pages}/sign-in/").status_code == 200
    wrong = caller.http.get("/enrol")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")


def test_the_desk_ends_although_a_page_is_open(
    desk_command: Callable[..., DeskProcess], organisation: Organisation
) -> None:
    """SIGTERM ends it in order, within seconds."""
    nurse = User.objects.create(username="anna", organisation=organisation)
    nurse.give([Role.NURSE], organisation)
    client = Client()
    client.force_login(nurse)
    cookies = {"sessionid": client.cookies["sessionid"].value}
    pages, devices = free_ports(2)
    process = desk_command("serve", "pages", "--port", str(pages))
    others = desk_command("serve", "devices", "--port", str(devices))
    eventually(lambda: answers(pages) and answers(devices), "the desk answers", 30)
    with httpx.stream("GET", f"http://localhost:{pages}/live/", cookies=cookies, timeout=20) as page:
        assert next(page.iter_lines())
        assert process.end() == 0
    assert others.end() == 0


def _help(id_: str, help_id: str) -> Any:
    now = datetime.now(UTC)
    event = WireEvent(
        sequence=1,
        boot_id="boot",
        monotonic_s=1,
        happened_at=now,
        clock_trusted=True,
        what=HelpRaised(help_id=help_id, source="screen"),
    )
    return msgspec.Raw(seal(event, "event", sent_at=now, id_=id_))


def _claims(identity: Identity, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    claims = {
        "sub": identity.id,
        "aud": "kotiruutu-desk",
        "iat": now,
        "exp": now + timedelta(seconds=60),
        "jti": "1",
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def _token(identity: Identity, **changes: Any) -> str:
    return f"Bearer {jwt.encode(_claims(identity, **changes), identity.key, algorithm='ES256')}"


@pytest.mark.requirement("K7")
def test_a_new_device_recognises_the_desk_and_asks_whose_it_will_be(
    desk_addresses: DeskAddresses, resident: Resident
) -> None:
    """The mark is that of the authority; the claim is not used up by asking, and guessing is slowed down."""
    claim = issue_claim(resident.organisation, resident)
    with httpx.Client(verify=ssl.create_default_context(cafile=str(desk_addresses.authority))) as client:
        ca = client.get(f"{desk_addresses.devices}/device/v1/authority").json()["ca"]
        der = x509.load_pem_x509_certificate(desk_addresses.authority.read_bytes()).public_bytes(Encoding.DER)
        theirs = x509.load_pem_x509_certificate(ca.encode()).public_bytes(Encoding.DER)
        assert mark_of(theirs) == mark_of(der)
        asked = [
            client.post(f"{desk_addresses.devices}/device/v1/claim", json={"claim": code})
            for code in (claim, claim, "AAAAAAAA", "nonsense!")
        ]
        assert [answer.status_code for answer in asked] == [200, 200, 403, 400]
        assert asked[0].json()["resident"] == str(resident)
        many = [
            client.post(f"{desk_addresses.devices}/device/v1/claim", json={"claim": "AAAAAAAA"})
            for _ in range(20)
        ]
        assert many[-1].status_code == 429
