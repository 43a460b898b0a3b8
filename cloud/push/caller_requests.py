"""What a relative's browser says about being rung."""

from typing import Annotated

from msgspec import Meta, Struct

Endpoint = Annotated[str, Meta(min_length=9, max_length=1000)]


class Keys(Struct, frozen=True):
    """The browser's public key and secret, base64url, as ``PushSubscription.toJSON`` names them."""

    p256dh: Annotated[str, Meta(min_length=80, max_length=100)]
    auth: Annotated[str, Meta(min_length=16, max_length=40)]


class Subscribe(Struct, frozen=True):
    """Ring this browser from now on."""

    endpoint: Endpoint
    keys: Keys


class Unsubscribe(Struct, frozen=True):
    """Ring it no more."""

    endpoint: Endpoint


class Answered(Struct, frozen=True):
    """The service worker answers for one message."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
