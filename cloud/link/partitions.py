"""Partitions of the topics: a link worker's unit of work."""

import re

from cloud.link.errors import UnknownPartitions
from device.contract.topics import PARTITIONS

_PART = re.compile(r"([a-z2-7])(?:-([a-z2-7]))?")


def parse(text: str) -> str:
    """``a-c2`` → ``abc2``, in the contract's order; raises ``UnknownPartitions``."""
    chosen: set[str] = set()
    rest = text
    while rest:
        match = _PART.match(rest)
        if match is None:
            raise UnknownPartitions(f"'{text}': expected letters and ranges of {PARTITIONS[0]}-z2-7")
        first, last = match[1], match[2] or match[1]
        chosen.update(PARTITIONS[PARTITIONS.index(first) : PARTITIONS.index(last) + 1])
        rest = rest[match.end() :]
    if not chosen:
        raise UnknownPartitions("no partitions: nothing to do")
    return "".join(each for each in PARTITIONS if each in chosen)
