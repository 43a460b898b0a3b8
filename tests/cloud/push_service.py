"""A push service to test with: an HTTPS server that decrypts as browsers would, with another library."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.pki.authority import Authority
from cloud.push.keys import decoded
from tests.cloud.https_server import answered, https_server

POINT = {"encoding": Encoding.X962, "format": PublicFormat.UncompressedPoint}


def text(data: bytes) -> str:
    """Base64url as browsers write it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class PushService:
    """Keeps the messages it is sent, decrypted; answers with the next of ``statuses``, or with 201."""

    port: int
    statuses: list[int] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    key: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))
    secret: bytes = b"sixteen bytes ok"

    def subscription(self, name: str = "leena") -> dict[str, Any]:
        """As a browser would send it to the desk."""
        point = self.key.public_key().public_bytes(**POINT)
        endpoint = f"https://localhost:{self.port}/push/{name}"
        return {"endpoint": endpoint, "keys": {"p256dh": text(point), "auth": text(self.secret)}}

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Refuses what is not signed for this service; decrypts the rest."""
        scheme, _, rest = headers["Authorization"].partition(" ")
        fields = dict(each.strip().split("=", 1) for each in rest.split(","))
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(fields["k"]))
        claims = jwt.decode(fields["t"], point, ["ES256"], audience=f"https://localhost:{self.port}")
        assert scheme == "vapid"
        assert claims["sub"].startswith("mailto:")
        clear = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        self.headers.append(headers)
        self.messages.append(json.loads(clear))


@contextmanager
def push_service(authority: Authority) -> Iterator[PushService]:
    """Runs while the test does, with a certificate of this authority."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        status = service.statuses.pop(0) if service.statuses else 201
        if status == 201:
            service.take(dict(handler.headers.items()), body)
        answered(handler, status)

    with https_server(authority, answer) as port:
        service = PushService(port)
        yield service
