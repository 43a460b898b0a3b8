"""Every type of the wire contract, found by looking, never listed by hand; and its saved samples."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import Struct

import device.contract

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "contract" / "samples"
REFERENCE = "#/components/schemas/{name}"

Schema = dict[str, Any]


def contract_types() -> list[type[Struct]]:
    """Every public struct that is defined in ``device.contract``, by module, in the order of the code."""
    return [struct for module in _modules() for struct in _structs(module)]


def schemas() -> dict[str, Schema]:
    """The JSON Schema of each type by its class name, with references in the way of AsyncAPI."""
    _, components = msgspec.json.schema_components(contract_types(), ref_template=REFERENCE)
    for schema in components.values():
        if "description" in schema:
            # Python 3.13 takes the indentation off docstrings, earlier ones do not.
            schema["description"] = inspect.cleandoc(schema["description"])
    return components


def wire_name(struct: type[Struct]) -> str:
    """Return a type's name on the wire: ``HelpRaised`` is ``help-raised``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", struct.__name__).lower()


def sample_files(struct: type[Struct]) -> list[Path]:
    """The saved samples of a type, the oldest version of the contract first."""
    versions = sorted(SAMPLES.glob("v*"), key=lambda folder: int(folder.name[1:]))
    return [path for folder in versions if (path := folder / f"{wire_name(struct)}.json").exists()]


def newest_sample(struct: type[Struct]) -> Any:
    """The sample to show in the documentation; None where there is none yet."""
    files = sample_files(struct)
    return json.loads(files[-1].read_text(encoding="utf-8")) if files else None


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(device.contract.__path__, "device.contract."):
        yield importlib.import_module(found.name)


def _structs(module: ModuleType) -> Iterator[type[Struct]]:
    for name, value in vars(module).items():
        is_ours = inspect.isclass(value) and issubclass(value, Struct) and value.__module__ == module.__name__
        if is_ours and not name.startswith("_"):
            yield value
