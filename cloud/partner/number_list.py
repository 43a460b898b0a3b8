"""A list of numbers that a partner sends or somebody pastes."""

import re


class NotAList(ValueError):
    """The input is no list of numbers; ``line`` is the invalid line."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read_numbers(text: str, pattern: re.Pattern[str], most_lines: int) -> set[str]:
    """Return the numbers, one a line, up to a semicolon, comma or tab. Raises ``NotAList``."""
    numbers = set()
    for line, row in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        first = re.split(r"[;,\t]", row)[0].strip().strip('"')
        if not first:
            continue
        if line > most_lines or not pattern.fullmatch(first):
            raise NotAList(line)
        numbers.add(first)
    return numbers
