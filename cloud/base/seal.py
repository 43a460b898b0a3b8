"""Encryption of secrets in the database with a key stored outside it."""

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
    """The secret was encrypted with another key."""


def seal(text: str) -> bytes:
    """Encrypt a text with the key that lies apart from the database (Fernet)."""
    return _fernet().encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt a text. Raises ``Unreadable``."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except (InvalidToken, UnicodeDecodeError) as error:
        raise Unreadable from error


def mac(text: str) -> str:
    """Return a keyed digest of the text (HMAC-SHA256, hexadecimal)."""
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text that is stored encrypted; one that cannot be decrypted reads as empty."""

    def from_db_value(self, value: str | None, *_database: object) -> str | None:
        """Decrypt the stored value; one that another key has sealed reads as empty."""
        if not value:
            return value
        with suppress(Unreadable):
            return unseal(value.encode())
        return ""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the value; an empty one stays empty."""
        return seal(str(value)).decode() if value else value


class SealedJSONField(SealedField):
    """An object that is stored encrypted; one that cannot be decrypted reads as empty."""

    # The names that the stubs of Django use for a field's types.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *database: object) -> Any:
        """Decrypt the stored object; an empty or unreadable one reads as ``{}``."""
        text = super().from_db_value(value, *database)
        return json.loads(text) if text else {}

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the object as JSON."""
        return super().get_prep_value(json.dumps(value))


def key_in(file: Path, make: Callable[[], bytes]) -> bytes:
    """Return the key in this file; it is created once, readable for the desk's user only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The first of several processes creates it completely; the others use that one.
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
