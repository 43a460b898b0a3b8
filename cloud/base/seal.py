"""Secrets in the database are sealed with a key outside it: a copy of the database alone opens nothing."""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """The key is not the one with which this was sealed."""


def seal(text: str) -> bytes:
    """The text as nobody without the key can read it."""
    return _fernet().encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """The text. Raises ``Unreadable``."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except (InvalidToken, UnicodeDecodeError) as error:
        raise Unreadable from error


def mac(text: str) -> str:
    """A digest of the text that only the desk can make (HMAC-SHA256, hexadecimal)."""
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text that is stored sealed; a secret that cannot be opened any more reads as empty."""

    def from_db_value(self, value: str | None, *_database: object) -> str | None:
        """What was sealed."""
        if not value:
            return value
        with suppress(Unreadable):
            return unseal(value.encode())
        return ""

    def get_prep_value(self, value: Any) -> Any:
        """Sealed; an empty one stays empty."""
        return seal(str(value)).decode() if value else value


class SealedJSONField(SealedField):
    """The same for an object with secrets in it; one that cannot be opened any more is empty."""

    # As the stubs of Django name the types of a field.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *database: object) -> Any:
        """What was sealed."""
        text = super().from_db_value(value, *database)
        return json.loads(text) if text else {}

    def get_prep_value(self, value: Any) -> Any:
        """Sealed."""
        return super().get_prep_value(json.dumps(value))


def key_in(file: Path, make: Callable[[], bytes]) -> bytes:
    """What is in this file; made once, for the desk's own user alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The first of several processes makes it whole; the others take that one.
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.touch(0o600)
        draft.write_bytes(make())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_bytes()


def _fernet() -> Fernet:
    return Fernet(_key())


def _key() -> bytes:
    return key_in(Path(settings.SECRETS_KEY_FILE), Fernet.generate_key)
