"""What tablets, browsers and gateways send by HTTPS: taken or refused with a status, no error (K21)."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from time import time
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client, RequestFactory
from django.urls import resolve
from fido2.utils import websafe_encode

from cloud.base import signed_post
from cloud.calls.models import Call
from cloud.delivery.models import ChannelSettings
from cloud.devices.bearer import AUDIENCE
from cloud.pki.authority import Authority
from cloud.pki.certificates import authority_certificate, certificate_pem, make_key
from device.contract import topics
from device.contract.claim import CLAIM_ALPHABET
from docs.generate.types import SAMPLES
from tests.cloud.calls.callers import OFFER, Caller
from tests.cloud.homes import Home
from tests.examples import SEED, examples
from tests.fuzz.mutation import STRANGE_JSON, mutated

pytestmark = [pytest.mark.requirement("K21"), pytest.mark.django_db]

PAGE = "3f0b9a52-1111-4222-8333-944455556666"
ENDPOINT = "https://push.example/send/abcdefghijklmnop"
SECRET = "the gateway's own secret"
PARTS = ("authenticatorData", "signature", "userHandle")
PATHS = ("claim", "enrol", "renew", "wiped", "events", "release/chunks")


@pytest.fixture
def key(home: Home) -> ec.EllipticCurvePrivateKey:
    """The key of the home's tablet, which is in a stranger's hands."""
    made = make_key()
    home.device.certificate_pem = certificate_pem(authority_certificate(made, "x")).decode()
    home.device.save()
    return made


def claims(home: Home, number: int) -> dict[str, Any]:
    """What a good token says."""
    now = datetime.now(UTC)
    ends = now + timedelta(seconds=50)
    return {
        "sub": home.device.pk,
        "aud": AUDIENCE,
        "iat": now.timestamp(),
        "exp": ends.timestamp(),
        "jti": str(number),
    }


def ask(path: str, token: str, body: bytes = b"") -> int:
    """Return the status with which the devices' port answers; an unforeseen error is raised."""
    headers = {"Authorization": f"Bearer {token}"}
    requests = RequestFactory(headers=headers)
    address = f"/device/v1/{path}"
    request = requests.post(address, body, content_type="application/json") if body else requests.get(address)
    found = resolve(address)
    status: int = found.func(request, *found.args, **found.kwargs).status_code
    return status


def test_a_token_opens_or_is_refused(home: Home, key: ec.EllipticCurvePrivateKey) -> None:
    """Signed by the tablet's own key over nonsense, or changed after it was signed."""
    random = Random(f"tokens {SEED}")
    assert ask("missing", jwt.encode(claims(home, 0), key, algorithm="ES256")) == 200
    for number in range(1, examples(200)):
        said = claims(home, number)
        if number % 2:
            said[random.choice(list(said))] = json.loads(random.choice(STRANGE_JSON))
            token = jwt.encode(said, key, algorithm="ES256", headers={"kid": random.choice(("", "x" * 5000))})
        else:
            whole = jwt.encode(said, key, algorithm="ES256").encode()
            token = mutated([whole], random)[:10_000].decode("latin-1")
        assert ask("missing", token) in (200, 401), token


@pytest.mark.parametrize("path", PATHS)
def test_a_tablets_request_is_taken_or_refused(
    path: str,
    home: Home,
    key: ec.EllipticCurvePrivateKey,
    authority: Authority,
) -> None:
    """From an enrolled tablet, with every kind of body."""
    csr = _signing_request(key)
    samples = [each.read_bytes() for each in SAMPLES.glob("v1/*.json")]
    samples += [json.dumps({"claim": CLAIM_ALPHABET[:8], "csr": csr, "model": "x"}).encode()]
    samples += [json.dumps({"csr": csr}).encode(), json.dumps({"number": 1, "chunks": ["ab" * 32]}).encode()]
    samples += [b'[{"schema":1,"id":"0192f0c1-2d3e-7f45-8a6b-7c8d9e0f1a2b","type":"%s"}]' % _EVENT]
    random = Random(f"{path} {SEED}")
    for number in range(examples(60)):
        token = jwt.encode(claims(home, number), key, algorithm="ES256")
        body = mutated(samples, random) or b" "
        assert ask(path, token, body) < 500, body[:2000]


_EVENT = topics.EVENT.type.encode()


def _signing_request(key: ec.EllipticCurvePrivateKey) -> str:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def test_what_a_callers_page_sends_is_taken_or_refused(home: Home) -> None:
    """By the personal link of a relative, to every address of their pages."""
    caller = Caller(home.contact).enter().open()
    caller.client.raise_request_exception = False
    resident = home.resident.pk
    bodies: tuple[dict[str, Any], ...] = (
        {"page": PAGE, "calls": [{"resident": resident, "offer": OFFER}], "reason": "other", "text": "x"},
        {"page": PAGE, "call": "1", "offer": OFFER},
        {"page": PAGE, "calls": ["1"]},
        {"secret": "x" * 40},
        {"presence": "busy"},
        {"endpoint": ENDPOINT, "keys": {"p256dh": "B" * 87, "auth": "A" * 22}},
        {"token": "x"},
        {"kind": "join", "queue": home.queue.pk, "video": False, "text": "x", "answer": OFFER},
    )
    samples = [json.dumps(body).encode() for body in bodies]
    paths: tuple[str, ...] = (
        "enter",
        "place",
        "answer",
        "refuse",
        "end",
        "beat",
        "seen",
        "presence",
        "phone/subscribe",
    )
    paths += ("phone/unsubscribe", "phone/heard", "phone/not-now", "service/do", "table/sit", "table/do")
    random = Random(f"callers {SEED}")
    for path in paths:
        for _ in range(examples(25)):
            body = mutated(samples, random)
            answer = caller.client.post(f"/call/{path}/", body, content_type="application/json")
            assert answer.status_code < 500, (path, body[:2000])
    assert Call.objects.filter(resident__organisation=home.organisation).count() <= 6


def test_a_gateways_report_is_taken_or_refused(client: Client, home: Home) -> None:
    """Signed with its own secret, whatever it says."""
    channel = {"address": "https://gateway.example/send", "secret": SECRET, "from": "Koti"}
    ChannelSettings.objects.create(organisation=home.organisation, channel="sms-gateway", values=channel)
    client.raise_request_exception = False
    random = Random(f"reports {SEED}")
    for _ in range(examples(100)):
        body = mutated([b'{"id": "1", "state": "delivered", "reason": "x"}'], random)
        answer = client.post(
            f"/deliveries/reports/sms-gateway/{home.organisation.pk}/",
            body,
            content_type="application/json",
            headers={signed_post.SIGNATURE: signed_post.sign(SECRET, body, int(time()))},
        )
        assert answer.status_code in (202, 400, 403), body[:2000]


def test_a_passkeys_answer_opens_nothing(client: Client) -> None:
    """Whatever a browser says instead of what an authenticator signed."""
    client.raise_request_exception = False
    client_data = websafe_encode(b'{"type": "webauthn.get", "challenge": "AAAA", "origin": "https://x"}')
    # The flag of extensions, then CBOR that is deeper than Python goes.
    deep = websafe_encode(bytes(32) + b"\x85" + bytes(4) + b"\x81" * 9000)
    answers = [
        {"rawId": "AAAA", "response": {**dict.fromkeys(PARTS, data), "clientDataJSON": client_data}}
        for data in ("AAAA", deep)
    ]
    samples = [json.dumps(each).encode() for each in answers]
    random = Random(f"passkeys {SEED}")
    for number in range(examples(60)):
        address = f"192.0.2.{number % 250}"
        client.post("/sign-in/passkey/options/", REMOTE_ADDR=address)
        body = (samples[1] if number == 0 else mutated(samples, random)).decode(errors="replace")
        said = client.post("/sign-in/passkey/", {"answer": body}, REMOTE_ADDR=address)
        assert said.status_code < 500, body[:2000]
        assert "_auth_user_id" not in client.session
