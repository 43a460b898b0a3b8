"""What axe would find on a page, as far as it stands in the document and in the colours.

``python -m tests.bench.desk.accessibility`` walks with axe itself through every page, size and language.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from django.test import Client

from tests.cloud.homes import Home
from tests.cloud.test_page_queries import NOT_PAGES
from tests.cloud.test_scope import PRIVATE, address

STYLES = Path("cloud/desk/static/desk")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "use"}
NAMED = {"button", "th", "h1", "h2", "h3", "summary", "legend", "label"}
FIELDS = {"input", "select", "textarea"}
TEXT, GRAPHIC = 4.5, 3.0
# A word in the first colour stands on the second.
WORDS = [
    *product(("ink", "quiet", "pine", "coral", "coral-deep"), ("paper", "sheet", "sunk")),
    ("pine-deep", "pine-soft"), ("pine", "pine-soft"), ("on-pine", "pine"), ("on-pine", "pine-deep"),
    ("amber", "amber-soft"), ("coral", "coral-soft"), ("coral-deep", "coral-soft"), ("on-coral", "coral"),
    ("ink", "coral-soft"), ("ink", "pine-soft"),
]  # fmt: skip
# What buttons and links stand on.
GROUNDS = ("paper", "sheet", "sunk", "coral", "pine-soft", "amber-soft", "coral-soft")
# What is paler for a moment, or no text.
PALE = {".dim .face", "button[disabled], form.htmx-request button, button.htmx-request", ".dot", ".dot.good"}

pytestmark = pytest.mark.requirement("V1")


class Element:
    """One element while it is read: what is said of it, and what is around it."""

    def __init__(self, tag: str, given: dict[str, str], above: "Element | None") -> None:
        self.tag, self.given, self.above = tag, given, above
        self.name = given.get("aria-label", "") or given.get("alt", "") or given.get("title", "")

    def is_in(self, tag: str) -> bool:
        """Whether an element of this kind is around it."""
        return self.above is not None and (self.above.tag == tag or self.above.is_in(tag))

    def within(self, style: str) -> "Element | None":
        """The nearest element around it that has this style."""
        if self.above is None or style in self.above.given.get("class", "").split():
            return self.above
        return self.above.within(style)


class Document(HTMLParser):
    """Collects what somebody who cannot see the page would miss."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[Element] = []
        self.headings = 0
        self._open: Element | None = None
        self._read: dict[str, Callable[[Element], None]] = {
            "h1": self._heading,
            "img": self._image,
            "label": self._label,
            "table": self._table,
            **dict.fromkeys(FIELDS, self._field),
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element says of itself."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        if "id" in element.given and not element.is_in("svg"):
            self.ids.append(element.given["id"])
        if read := self._read.get(tag):
            read(element)
        if tag not in VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        """Judge the element that ends here."""
        ends = self._open
        while ends is not None and ends.tag != tag:
            ends = ends.above
        if ends is None:
            return
        if not ends.name and (tag in NAMED or (tag == "a" and "href" in ends.given)):
            self._say(ends, "no name")
        if ends.above is not None and not ends.given.get("aria-hidden"):
            self._name(ends.above, ends.name)
        self._open = ends.above

    def _heading(self, _element: Element) -> None:
        self.headings += 1

    def _image(self, element: Element) -> None:
        if "alt" not in element.given:
            self._say(element, "no alt")
        elif element.above is not None:
            self._name(element.above, element.given["alt"])

    def _label(self, element: Element) -> None:
        self.labelled.add(element.given.get("for", ""))

    def _field(self, element: Element) -> None:
        if element.given.get("type") != "hidden":
            self.fields.append(element)

    def _table(self, element: Element) -> None:
        if element.given.get("class") == "week":
            # One below the other on a phone.
            return
        around = element.within("scroll")
        if around is None:
            self._say(element, "wider than a phone")
        elif around.given.get("tabindex") != "0" or not around.given.get("aria-label"):
            self._say(around, "not moved by keyboard")

    def handle_data(self, data: str) -> None:
        """Text is part of the name of what it stands in."""
        if self._open is not None:
            self._name(self._open, data.strip())

    def finish(self, page: str) -> list[str]:
        """Everything that is wrong with the page."""
        for field in self.fields:
            has_label = field.given.get("id") in self.labelled or field.is_in("label")
            if not (has_label or field.given.get("aria-label") or field.given.get("aria-labelledby")):
                self._say(field, "no label")
        if self.headings != 1:
            self.wrong.append(f"{self.headings} headings of the first level")
        twice = {each for each in self.ids if self.ids.count(each) > 1}
        self.wrong += [f"twice: {each}" for each in sorted(twice)]
        return [f"{page}: {each}" for each in self.wrong]

    def _name(self, element: Element, words: str) -> None:
        element.name = f"{element.name} {words}".strip()

    def _say(self, element: Element, what: str) -> None:
        known = {
            name: element.given[name] for name in ("id", "name", "class", "href") if name in element.given
        }
        self.wrong.append(f"{what}: {element.tag} {known}")


def test_everything_on_a_page_has_a_name(home: Home, desk: Client) -> None:
    """One heading, a label for each field, a name for each link, button and column; tables can scroll."""
    wrong = []
    for route in PRIVATE:
        path = address(route, home)
        if route.startswith(NOT_PAGES):
            continue
        answer = desk.get(path)
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if is_page and b"<html" in answer.content:
            document = Document()
            document.feed(answer.content.decode())
            wrong += document.finish(route)
    assert wrong == []


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<h1>One</h1><table><tr><th></th></tr></table>", "no name: th"),
        ("<h1>One</h1><div><table></table></div>", "wider than a phone"),
        ("<h1>One</h1><div class='card scroll'><table></table></div>", "not moved by keyboard"),
        ("<h1>One</h1><a href='/'><svg><use href='#key'/></svg></a>", "no name: a"),
        ("<h1>One</h1><a href='/'><img src='x'></a>", "no alt"),
        ("<h1>One</h1><input name='q'>", "no label: input"),
        ("<h1>One</h1><p id='a'></p><p id='a'></p>", "twice: a"),
        ("<h2>Two</h2>", "0 headings"),
    ],
)
def test_what_is_missing_would_be_seen(html: str, what: str) -> None:
    """The test above is worth something."""
    document = Document()
    document.feed(html)
    assert any(what in each for each in document.finish("page"))


def colours(css: str) -> list[dict[str, tuple[float, ...]]]:
    """The colours of the light scheme, and of the dark one."""
    light, dark = css.partition("@media (prefers-color-scheme: dark)")[::2]
    schemes: list[dict[str, tuple[float, ...]]] = []
    for text in (light, dark.partition("\n* {")[0]):
        named = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6})\b", text))
        before = schemes[0] if schemes else {}
        full = {
            name: code if len(code) == 6 else "".join(2 * each for each in code)
            for name, code in named.items()
        }
        schemes.append(before | {name: tuple(bytes.fromhex(code)) for name, code in full.items()})
    return schemes


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The ratio of WCAG 2.2."""

    def luminance(colour: tuple[float, ...]) -> float:
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_are_read_and_the_focus_is_seen_on_every_ground(scheme: int) -> None:
    """4.5:1 for words (WCAG 1.4.3); one of the two rings of the focus has 3:1 (1.4.11)."""
    known = colours((STYLES / "ground.css").read_text(encoding="utf-8"))[scheme]
    faint = {
        (word, ground): round(ratio, 2)
        for word, ground in WORDS
        if (ratio := contrast(known[word], known[ground])) < TEXT
    }
    assert faint == {}
    for ground in GROUNDS:
        assert max(contrast(known[ring], known[ground]) for ring in ("ink", "paper")) >= GRAPHIC, ground


def test_nothing_is_made_pale() -> None:
    """Opacity takes the contrast away that the colours have."""
    found = set()
    for sheet in STYLES.glob("*.css"):
        for selectors in re.findall(r"([^{}]+)\{[^{}]*\bopacity:[^{}]*\}", sheet.read_text(encoding="utf-8")):
            found.add(" ".join(selectors.split()))
    assert found <= PALE
