"""The device's settings file, read once at the start."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta, Struct

from device.contract.values import Language


class SettingsError(Exception):
    """The settings are invalid; the message says which and why."""


class Identity(Struct, frozen=True, kw_only=True):
    """The files that enrolment created: this device's identity, and its desk and broker.

    ``language`` is the screen's until the first view.
    """

    device: str
    desk_url: str
    broker_host: str
    broker_port: int
    language: Language = "fi"
    folder: Path

    @property
    def key(self) -> Path:
        """The device's private key, PEM; it never leaves the device."""
        return self.folder / "key.pem"

    @property
    def certificate(self) -> Path:
        """Return the device's certificate, PEM."""
        return self.folder / "certificate.pem"

    @property
    def authority(self) -> Path:
        """Return the certificate of the desk's authority, PEM."""
        return self.folder / "ca.pem"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The device's settings. Paths are absolute or relative to the file.

    ``board`` is the board file; without it every component is simulated. ``clock="trusted"`` skips the
    synchronisation check. A caller's pictures are beside ``media_socket``; ``cache_dir`` is the window's,
    emptied when the device is retired. Releases are stored in ``software_dir``, signed with ``release_key``;
    devices that start together ask for one at moments spread over ``release_spread_s``. The networks of a
    computer with ``owns_networks`` are forgotten when the device is retired. Where there is a file
    ``restart_due``, the core asks for a restart at night by creating ``restart_request``.
    """

    identity_dir: Path
    data_dir: Path
    screen_socket: Path
    sim_socket: Path | None = None
    media_socket: Path
    board: Path | None = None
    clock: Literal["kernel", "trusted"] = "kernel"
    cache_dir: Path | None = None
    software_dir: Path | None = None
    release_key: Path | None = None
    owns_networks: bool = False
    restart_due: Path | None = None
    restart_request: Path | None = None
    release_spread_s: Annotated[int, Meta(ge=0, le=86_400)] = 1800

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the settings file. Raises ``SettingsError``."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            settings = msgspec.convert(table, cls, dec_hook=_to_path)
        except (
            *(OSError, UnicodeDecodeError, RecursionError),
            *(tomllib.TOMLDecodeError, msgspec.ValidationError),
        ) as error:
            raise SettingsError(f"{path}: {error}") from None
        folder = path.resolve().parent
        given = {name: getattr(settings, name) for name in cls.__struct_fields__}
        paths = {name: folder / path for name, path in given.items() if isinstance(path, Path)}
        return msgspec.structs.replace(settings, **paths)

    @property
    def learnt_pendants(self) -> Path:
        """Return the file of pendants learnt in the wizard, a list of JSON."""
        return self.data_dir / "pendants.json"

    def identity(self) -> Identity:
        """Return the identity. Raises ``SettingsError`` where the device is not enrolled."""
        path = self.identity_dir / "link.json"
        try:
            table = msgspec.json.decode(path.read_bytes())
            return msgspec.convert({**table, "folder": str(self.identity_dir)}, Identity, dec_hook=_to_path)
        except FileNotFoundError:
            raise SettingsError(f"this device is not enrolled: there is no {path}") from None
        except (OSError, msgspec.MsgspecError, TypeError) as error:
            raise SettingsError(f"{path}: {error}") from None


def _to_path(type_: type, value: Any) -> Any:
    if type_ is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError
