"""Words stay inside their box, whole if they can be, in a typeface that has their letters."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk_ui.text import raster
from kiosk_ui.text.fitting import TypeSize, fit
from kiosk_ui.text.raster import ink
from kiosk_ui.text.typefaces import OWN, is_right_to_left, stretches, width
from tests.examples import examples

BODY = TypeSize("regular", 56, 50)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@settings(max_examples=examples(150))
@given(ANY_TEXT, st.integers(100, 900), st.integers(10, 400))
@example(" 0000", 113, 116)
@example("i 000W", 113, 116)
@example("00\u00a00000", 100, 56)
@example("\ufdfd", 100, 17)
def test_words_never_leave_their_box(text: str, width_px: int, height_px: int) -> None:
    """Whatever is written: wrapped, then smaller, then cut."""
    fitted = fit(text, BODY, width_px, height_px)
    assert fitted.height_px <= max(height_px, 1)
    assert fitted.width_px <= width_px + 1


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzåäöæø", min_size=1, max_size=12), min_size=1, max_size=9))
def test_nothing_is_lost_where_there_is_room(words: list[str]) -> None:
    """All words are there, in order, and none is broken."""
    fitted = fit(" ".join(words), BODY, 900, 2000, most_lines=99)
    assert fitted.is_whole
    assert " ".join(fitted.lines).split() == words


def test_shrinks_a_little_before_it_cuts() -> None:
    """A word slightly too wide becomes slightly smaller, not shorter."""
    text = "Kahvila"
    too_narrow = int(width(text, "regular", BODY.size_px)) - 4
    fitted = fit(text, BODY, too_narrow, 100)
    assert fitted.lines == (text,)
    assert BODY.least_px <= fitted.size_px < BODY.size_px


def test_says_what_was_cut() -> None:
    """A text that does not fit ends in an ellipsis and is known to be cut."""
    fitted = fit("Yhteislaulu ja päiväkahvit ruokasalissa", BODY, 400, 60)
    assert fitted.cut
    assert fitted.lines[-1].endswith("…")


def test_breaks_at_soft_hyphens() -> None:
    """A long compound breaks where its writer allows it, with a hyphen that is seen only there."""
    word = "Soitto\u00adpyyntö"
    assert fit(word, BODY, 900, 200).lines == ("Soittopyyntö",)
    assert fit(word, BODY, 240, 200).lines == ("Soitto-", "pyyntö")


@pytest.mark.parametrize("name", ["Åke Söderström", "Þórður", "[b]Bob[/b] & <Eve> #@'", "Zoë Nuñez-Müller"])
def test_atkinson_draws_what_it_can(name: str) -> None:
    """Names of the Nordic countries, and signs that other systems take for markup."""
    assert {piece.font for piece in stretches(name, "regular")} == {OWN["regular"]}


@pytest.mark.parametrize("name", ["Мария Иванова", "فاطمة الزهراء", "Ελένη", "דוד"])
def test_another_typeface_draws_other_scripts(name: str) -> None:
    """Every letter has a glyph in the font chosen for it, if the system's fonts have one."""
    fonts = {piece.font.name for piece in stretches(name, "regular")}
    if fonts == {OWN["regular"].name}:
        pytest.skip("Noto is not installed")
    assert all(font.startswith("Noto") for font in fonts)
    assert "".join(piece.text for piece in stretches(name, "regular")) == name


def test_knows_the_direction_of_a_line() -> None:
    """A line runs right to left when its first strong letter does."""
    assert is_right_to_left("فاطمة")
    assert not is_right_to_left("13.45 Fatima")


@pytest.mark.parametrize("text", ["Ääliö Ågren", "gjpqy", "Мария", "فاطمة الزهراء"])
def test_ink_is_all_there_and_nothing_else(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dots and tails are not clipped: with more room around it, it is the same. No empty row is painted."""
    setting = fit(text, TypeSize("bold", 90, 60), 2000, 400)
    seen = ink(setting, "left")
    assert seen.picture.getbbox() == (0, 0, *seen.picture.size)
    monkeypatch.setattr(raster, "OVERHANG", 3 * raster.OVERHANG)
    assert ink(setting, "left") == seen


@given(
    text=st.text(alphabet="aeiou lmnst-", max_size=80),
    width_px=st.integers(40, 1200),
    height_px=st.integers(30, 400),
    more_px=st.integers(0, 60),
)
def test_larger_letters_are_never_smaller_in_the_same_box(
    text: str, width_px: int, height_px: int, more_px: int
) -> None:
    """Where only the wanted size grows, what is set is as large as before or larger (K13)."""
    usual = fit(text, TypeSize("regular", 56, 50), width_px, height_px)
    large = fit(text, TypeSize("regular", 56 + more_px, 50), width_px, height_px)
    assert large.size_px >= usual.size_px
    assert large.is_whole == usual.is_whole
