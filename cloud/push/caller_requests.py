"""Request bodies of a relative's browser about push notifications."""

from typing import Annotated

from msgspec import Meta, Struct

Endpoint = Annotated[str, Meta(min_length=9, max_length=1000)]


class Keys(Struct, frozen=True):
    """The browser's public key and secret, base64url, as ``PushSubscription.toJSON`` names them."""

    p256dh: Annotated[str, Meta(min_length=80, max_length=100)]
    auth: Annotated[str, Meta(min_length=16, max_length=40)]


class Subscribe(Struct, frozen=True):
    """Enable notifications in this browser."""

    endpoint: Endpoint
    keys: Keys


class Unsubscribe(Struct, frozen=True):
    """Disable notifications in this browser."""

    endpoint: Endpoint


class Answered(Struct, frozen=True):
    """A response of the service worker to one message."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
