"""Passkeys (WebAuthn): instead of a one-time code, and instead of the password where the key knows its owner.

A ceremony has two requests: what the browser is to do is kept in the session until it answers, once.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from msgspec import Struct

from cloud.organisations.models import Passkey, User
from device.contract.errors import Malformed
from device.contract.wire import read

MOST_KEYS = 10
MOST_ANSWER_BYTES = 20_000
_STATE = "passkey_state"


class Refused(Exception):
    """The browser's answer is not what was asked for, or comes from a key that is not known."""


def begin_registration(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the browser needs to make a key for this user."""
    who = PublicKeyCredentialUserEntity(
        id=str(user.pk).encode(), name=user.username, display_name=user.get_full_name() or user.username
    )
    options, state = _server(request).register_begin(
        who,
        _credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    request.session[_STATE] = state
    return dict(options)


@transaction.atomic
def register(request: HttpRequest, user: User, name: str, answer: bytes) -> Passkey:
    """Keep the key that the browser has made. Raises ``Refused``."""
    # One at a time, or the most would not be the most.
    User.objects.select_for_update().get(pk=user.pk)
    if user.passkeys.count() >= MOST_KEYS:
        raise Refused
    state = _state(request.session)
    try:
        said = RegistrationResponse.from_dict(_read(answer))
        made = _server(request).register_complete(state, said).credential_data
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused from error
    if made is None or Passkey.objects.filter(credential_id=websafe_encode(made.credential_id)).exists():
        raise Refused
    return Passkey.objects.create(
        user=user, name=name, credential_id=websafe_encode(made.credential_id), credential=bytes(made)
    )


def begin_use(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """Return what the browser needs to use a key: one of this user's, or any that knows its owner."""
    known = _credentials(user) if user else None
    verification = UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
    options, state = _server(request).authenticate_begin(known, user_verification=verification)
    request.session[_STATE] = state
    return dict(options)


@transaction.atomic
def use(request: HttpRequest, answer: bytes, user: User | None) -> User:
    """Return whose key has answered; where a user is given, only one of theirs may. Raises ``Refused``."""
    state = _state(request.session)
    try:
        said = AuthenticationResponse.from_dict(_read(answer))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused from error
    key = _find(said, user)
    try:
        _server(request).authenticate_complete(state, [AttestedCredentialData(bytes(key.credential))], said)
    except ValueError as error:
        raise Refused from error
    counter = said.response.authenticator_data.counter
    # A counter that does not grow is that of a copied key; those that do not count stay at 0.
    if counter and counter <= key.counter:
        raise Refused
    Passkey.objects.filter(pk=key.pk).update(counter=counter, used_at=timezone.now())
    return key.user


def _find(said: AuthenticationResponse, user: User | None) -> Passkey:
    keys = Passkey.objects.select_for_update(of=("self",)).select_related("user")
    found = keys.filter(credential_id=websafe_encode(said.raw_id), user__is_active=True).first()
    if found is None or (user and found.user_id != user.pk):
        raise Refused
    return found


def _credentials(user: User) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(key.credential)) for key in user.passkeys.all()]


def _server(request: HttpRequest) -> Fido2Server:
    host, _port = split_domain_port(request.get_host())
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Kotiruutu"))


def _state(session: SessionBase) -> Any:
    """Return what was asked; an answer is taken once."""
    state = session.pop(_STATE, None)
    if state is None:
        raise Refused
    return state


class _Answer(Struct, rename="camel"):
    """What both kinds of answers have in common; numbers in it would become as many octets in the library."""

    raw_id: str
    response: dict[str, str | int | list[str] | None]


def _read(answer: bytes) -> Mapping[str, Any]:
    if len(answer) > MOST_ANSWER_BYTES:
        raise ValueError("too large")
    try:
        said: _Answer = read(answer, _Answer)
    except Malformed as error:
        raise ValueError(str(error)) from error
    texts = {name: value for name, value in said.response.items() if isinstance(value, str)}
    return {"rawId": said.raw_id, "type": "public-key", "response": texts}
