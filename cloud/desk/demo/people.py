"""The contacts of the demo's resident, and their looks."""

from typing import NamedTuple

from cloud.desk.demo.portraits import Face


class Relative(NamedTuple):
    """A contact of the demo's resident."""

    first_name: str
    last_name: str
    words: str
    phone: str
    presence: str
    favourite: bool
    face: Face


RELATIVES = [
    Relative(
        "Leena", "Virtanen", "tytär", "+358401000001", "available", True,
        Face("#7fb3a6", "#f3c9a5", "bob", "#8a5a34", "#2f5d73"),
    ),
    Relative(
        "Mikko", "Virtanen", "poika", "+358401000002", "busy", True,
        Face("#e9b872", "#efc3a0", "short", "#4a3426", "#5d7a46", beard="#5b4231"),
    ),
    Relative(
        "Sanna", "Korhonen", "tyttärentytär", "+358401000003", "available", False,
        Face("#c7a6d0", "#f6d2b5", "long", "#d9a35b", "#a43f5b", earrings="#f2c14e"),
    ),
    Relative(
        "Oona", "Laine", "pojantytär", "+358401000004", "away", False,
        Face("#8fb7dd", "#d9a27a", "curly", "#2a1f1b", "#e07a4f", smile=1.2),
    ),
    Relative(
        "Eeva", "Nieminen", "ystävä", "+358401000005", "available", False,
        Face("#e5a59b", "#f5d3b8", "bun", "#c9c9cc", "#4b5a8a", glasses=True, earrings="#ffffff"),
    ),
    Relative(
        "Kalevi", "Mäkinen", "veli", "+358401000006", "away", False,
        Face("#a9c48a", "#f0c6a4", "bald", "#b9b4ac", "#37474f", glasses=True, beard="#c9c4bc"),
    ),
]  # fmt: skip
