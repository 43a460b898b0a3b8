"""The servers that help two ends of a call or a table find each other, or carry what finds no way."""

from typing import Annotated

from msgspec import Meta, Struct

from device.contract.values import Line


class IceServer(Struct, frozen=True, kw_only=True):
    """A STUN or TURN server (RFC 7064, RFC 7065), with short-lived credentials."""

    urls: Annotated[list[Line], Meta(min_length=1, max_length=4)]
    username: Line = ""
    credential: Line = ""


IceServers = Annotated[list[IceServer], Meta(max_length=2)]
