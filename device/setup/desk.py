"""Requests to the desk before this device is enrolled: claim lookup, and enrolment."""

import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from device.contract.claim import AuthorityAnswer, ClaimedFor, Invitation, mark_of
from device.enrolment import EnrolmentFailed, enrol
from device.link.trust import trust
from device.rules.setup.events import DeskAnswered, Enrolled
from device.rules.setup.state import Trouble

TIMEOUT_S = 15.0
LARGEST_ANSWER_BYTES = 64_000

_REFUSALS: dict[int, Trouble] = {
    400: "no-claim-typed",
    403: "claim-unknown",
    409: "claim-used",
    410: "claim-expired",
    429: "too-many",
}

T = TypeVar("T")


class DeskTrouble(Exception):
    """A request to the desk failed; ``trouble`` is the code that the wizard shows in words."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.detail = detail


class NewDesk:
    """Blocking requests for a thread. The new identity is written to the folder ``into``."""

    def __init__(self, into: Path) -> None:
        self._into = into

    def ask(self, invitation: Invitation) -> DeskAnswered:
        """Look up whose device the claim makes, at the desk with the invitation's fingerprint."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                authority = Path(folder, "ca.pem")
                mark = _fetch_authority(invitation, authority)
                claimed = self._ask(invitation, authority)
        except DeskTrouble as trouble:
            return DeskAnswered(trouble=trouble.trouble, detail=trouble.detail)
        return DeskAnswered(claimed=claimed, mark=mark)

    def enrol(self, invitation: Invitation) -> Enrolled:
        """Enrol with the claim, which is used up."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                authority = Path(folder, "ca.pem")
                _fetch_authority(invitation, authority)
                enrol(invitation.desk_url, authority, invitation.claim, self._into)
        except DeskTrouble as trouble:
            return Enrolled(trouble=trouble.trouble, detail=trouble.detail)
        except EnrolmentFailed as failed:
            return Enrolled(trouble=_REFUSALS.get(failed.status, "refused"), detail=str(failed)[:200])
        return Enrolled()

    def _ask(self, invitation: Invitation, authority: Path) -> ClaimedFor:
        context = trust(authority)
        url = f"{invitation.desk_url}/device/v1/claim"
        return _decoded(_request("POST", url, context, {"claim": invitation.claim}), ClaimedFor)


def _fetch_authority(invitation: Invitation, to: Path) -> str:
    """Download the authority; only its fingerprint proves it: this connection is not authenticated."""
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    body = _request("GET", f"{invitation.desk_url}/device/v1/authority", unverified)
    pem = _decoded(body, AuthorityAnswer).ca
    try:
        mark = mark_of(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER))
    except ValueError:
        raise DeskTrouble("another-desk") from None
    if invitation.mark and invitation.mark != mark:
        raise DeskTrouble("another-desk")
    to.write_text(pem)
    return mark


def _request(method: str, url: str, context: ssl.SSLContext, body: dict[str, str] | None = None) -> bytes:
    """Return the body of a response with status 200."""
    try:
        with (
            httpx.Client(verify=context, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream(method, url, json=body) as response,
        ):
            content = b"".join(_at_most(response))
    except httpx.HTTPError as error:
        raise DeskTrouble(_kind_of(error, url), str(error)[:200]) from None
    if response.status_code != httpx.codes.OK:
        is_ours = response.headers.get("content-type", "").startswith("application/json")
        trouble: Trouble = _REFUSALS.get(response.status_code, "refused") if is_ours else "another-desk"
        raise DeskTrouble(trouble, str(response.status_code))
    return content


def _at_most(response: httpx.Response) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > LARGEST_ANSWER_BYTES:
            raise DeskTrouble("another-desk")
        yield chunk


def _kind_of(error: httpx.HTTPError, url: str) -> Trouble:
    text = str(error)
    if "not yet valid" in text or "has expired" in text:
        return "clock"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "another-desk"
    return "portal" if _is_portal(httpx.URL(url).host) else "unreachable"


def _is_portal(host: str) -> bool:
    """Detect a captive portal: it answers over HTTP in the desk's place (RFC 6585, RFC 8910)."""
    try:
        answer = httpx.get(f"http://{host}/", timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        to = answer.headers.get("location", "")
        is_elsewhere = answer.is_redirect and httpx.URL(to).host not in ("", host)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == httpx.codes.NETWORK_AUTHENTICATION_REQUIRED or is_elsewhere


def _decoded(body: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.MsgspecError:
        raise DeskTrouble("another-desk") from None
