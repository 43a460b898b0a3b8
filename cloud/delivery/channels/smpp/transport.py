"""SMPP 3.4 as a transceiver: submit_sm for each segment, receipts as deliver_sm (sections 4.4 and 4.6)."""

import re
import select
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from secrets import randbelow
from typing import Any, Literal

from smpplib import consts, exceptions

from cloud.delivery.channel import Handed, NotSent, Outgoing, Report
from cloud.delivery.channels.smpp.connection import BoundedClient
from cloud.delivery.text_parts import encode, length, split

ANSWER_S = 10.0
LINK_S = 30.0
AGAIN_S = 10.0
MOST_READ = 500
MOST_RECEIPTS = 5000
# The message itself is invalid; any other error may be temporary.
PERMANENT = (
    consts.SMPP_ESME_RINVMSGLEN,
    consts.SMPP_ESME_RINVDSTADR,
    consts.SMPP_ESME_RINVDSTTON,
    consts.SMPP_ESME_RINVDSTNPI,
)
UCS2 = 8
TON_INTERNATIONAL, TON_ALPHANUMERIC, NPI_ISDN = 1, 5, 1
_RECEIPT = re.compile(r"id:(\S+).*?stat:(\w+)", re.DOTALL)
_STATES: dict[str, Literal["delivered", "failed"]] = {
    "DELIVRD": "delivered", "EXPIRED": "failed", "DELETED": "failed", "UNDELIV": "failed",
    "REJECTD": "failed", "2": "delivered", "3": "failed", "4": "failed", "5": "failed", "8": "failed",
}  # fmt: skip
_BROKEN = (
    exceptions.ConnectionError,
    exceptions.PDUError,
    exceptions.UnknownCommandError,
    OSError,
    ValueError,
)


class SmppSession:
    """A bind, created when it is needed and again when it breaks."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._client: BoundedClient | None = None
        self._answers: dict[int, Any] = {}
        self._receipts: list[Report] = []
        self._heard_at = 0.0
        self._not_before = 0.0

    def send(self, outgoing: Outgoing) -> Handed:
        """Send a message; returns once the SMSC has accepted every segment. Raises ``NotSent``."""
        parts = split(outgoing.body)
        reference = ""
        try:
            client = self._bound()
            for number, part in enumerate(self._encoded(outgoing.body, parts), start=1):
                answer = self._submit(client, outgoing.address, part, is_last=number == len(parts))
                reference = str(getattr(answer, "message_id", b"") or b"", "ascii", "replace")
        except _BROKEN as error:
            self._break()
            raise NotSent(str(error) or type(error).__name__) from error
        if not reference:
            raise NotSent("the server gave no id")
        return Handed(reference, len(parts))

    def poll(self) -> Sequence[Report]:
        """Return new receipts, and keep the connection alive."""
        with suppress(NotSent):
            try:
                self._listen(self._bound())
            except _BROKEN:
                self._break()
        receipts, self._receipts = self._receipts, []
        return receipts

    def close(self) -> None:
        """Unbind, if the other side responds."""
        client, self._client = self._client, None
        if client:
            with suppress(*_BROKEN):
                client.unbind()
            client.state = consts.SMPP_CLIENT_STATE_OPEN
            client.disconnect()

    def _bound(self) -> BoundedClient:
        if self._client:
            return self._client
        if time.monotonic() < self._not_before:
            raise NotSent("the server could not be reached a moment ago")
        self._not_before = time.monotonic() + AGAIN_S
        tls = ssl.create_default_context() if self._values.get("tls") else None
        client = BoundedClient(str(self._values.get("host", "")), int(self._values.get("port", 2775)), tls)
        self._client = client
        client.set_error_pdu_handler(lambda _pdu: None)
        client.set_message_sent_handler(lambda pdu: self._answers.update({pdu.sequence: pdu}))
        client.set_message_received_handler(self._receive)
        client.connect()
        account = {name: str(self._values.get(name, "")) for name in ("system_id", "password", "system_type")}
        client.bind_transceiver(**account)
        self._heard_at, self._not_before = time.monotonic(), 0.0
        return client

    def _break(self) -> None:
        client, self._client = self._client, None
        if client:
            client.state = consts.SMPP_CLIENT_STATE_OPEN
            client.disconnect()

    @staticmethod
    def _encoded(text: str, parts: list[str]) -> list[dict[str, Any]]:
        alphabet = length(text).alphabet
        same = {"data_coding": UCS2 if alphabet == "UCS-2" else 0}
        if len(parts) == 1:
            return [{**same, "short_message": encode(text, alphabet)}]
        reference = randbelow(256)
        return [
            {
                **same,
                "esm_class": consts.SMPP_GSMFEAT_UDHI,
                "short_message": bytes((5, 0, 3, reference, len(parts), number)) + encode(part, alphabet),
            }
            for number, part in enumerate(parts, start=1)
        ]

    def _submit(self, client: BoundedClient, address: str, part: dict[str, Any], *, is_last: bool) -> Any:
        sender = str(self._values.get("sender", ""))
        is_number = sender.startswith("+")
        pdu = client.send_message(
            source_addr_ton=TON_INTERNATIONAL if is_number else TON_ALPHANUMERIC,
            source_addr_npi=NPI_ISDN if is_number else 0,
            source_addr=sender.removeprefix("+"),
            dest_addr_ton=TON_INTERNATIONAL,
            dest_addr_npi=NPI_ISDN,
            destination_addr=address.removeprefix("+"),
            # The receipt of the last segment stands for all.
            registered_delivery=int(is_last),
            **part,
        )
        ends_at = time.monotonic() + ANSWER_S
        while pdu.sequence not in self._answers:
            if time.monotonic() > ends_at:
                raise exceptions.ConnectionError("no answer")
            client.read_once(auto_send_enquire_link=False)
        answer = self._answers.pop(pdu.sequence)
        self._heard_at = time.monotonic()
        if answer.status:
            words = consts.DESCRIPTIONS.get(answer.status, f"status {answer.status:#x}")
            raise NotSent(words, permanent=answer.status in PERMANENT)
        return answer

    def _listen(self, client: BoundedClient) -> None:
        self._answers.clear()
        for _each in range(MOST_READ):
            if not _has_something(client):
                break
            client.read_once(auto_send_enquire_link=False)
            self._heard_at = time.monotonic()
        if time.monotonic() - self._heard_at > 3 * LINK_S:
            raise exceptions.ConnectionError("the server is silent")
        if time.monotonic() - self._heard_at > LINK_S:
            from smpplib import smpp

            client.send_pdu(smpp.make_pdu("enquire_link", client=client))

    def _receive(self, pdu: Any) -> None:
        if len(self._receipts) >= MOST_RECEIPTS:
            return
        text = bytes(getattr(pdu, "short_message", b"") or b"").decode("latin-1")
        found = _RECEIPT.search(text)
        said = getattr(pdu, "receipted_message_id", None)
        reference = _text(said) if said else found[1] if found else ""
        stated = getattr(pdu, "message_state", None)
        word = str(stated) if stated is not None else found[2] if found else ""
        if reference and word in _STATES:
            reason = "" if _STATES[word] == "delivered" else found[2] if found else word
            self._receipts.append(Report(_STATES[word], reference=reference[:100], reason=reason))


def _text(value: object) -> str:
    return value.decode("ascii", "replace").rstrip("\0") if isinstance(value, bytes) else str(value)


def _has_something(client: BoundedClient) -> bool:
    # Data already read by TLS is not visible to select.
    pending = getattr(client._socket, "pending", None)  # noqa: SLF001
    if pending and pending():
        return True
    return bool(select.select([client._socket], [], [], 0)[0])  # noqa: SLF001
