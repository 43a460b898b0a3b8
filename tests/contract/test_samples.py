"""Every type of the contract has a sample, and samples of all versions can still be read."""

import json
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from docs.generate.types import SAMPLES, contract_types, sample_files, wire_name

TYPES = contract_types()
OLDER = [(struct, path) for struct in TYPES for path in sample_files(struct)]


def test_types_are_found() -> None:
    """The search finds the types at all, and their names differ, on the wire too."""
    names = [wire_name(struct) for struct in TYPES]
    assert {"view", "help-raised", "envelope"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("struct", TYPES, ids=wire_name)
def test_type_has_a_sample_that_round_trips(struct: type[Struct]) -> None:
    """The newest sample names every field, and comes out of the type as it went in."""
    files = sample_files(struct)
    assert files, f"save a sample of {struct.__name__} in {SAMPLES}/v…/{wire_name(struct)}.json"
    sample = files[-1].read_bytes()
    decoded = msgspec.json.decode(sample, type=struct)
    assert json.loads(msgspec.json.encode(decoded)) == json.loads(sample)


@pytest.mark.parametrize(
    ("struct", "path"), OLDER, ids=[f"{path.parent.name}-{path.stem}" for _, path in OLDER]
)
def test_saved_sample_can_still_be_read(struct: type[Struct], path: Path) -> None:
    """What any version ever sent is understood by this one."""
    msgspec.json.decode(path.read_bytes(), type=struct)


def test_no_sample_is_without_a_type() -> None:
    """A renamed message would otherwise leave its sample behind, unread."""
    known = {path for struct in TYPES for path in sample_files(struct)}
    assert set(SAMPLES.glob("v*/*.json")) == known
