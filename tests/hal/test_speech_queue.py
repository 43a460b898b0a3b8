"""Long texts are spoken part by part, whole, and the first words at once (M5)."""

from hypothesis import given
from hypothesis import strategies as st

from hal.speech_queue import parts_of

MOST = 300


@given(st.lists(st.sampled_from(["Hello Aino.", "Come!", "x" * 700, "we, walk", "Now?", "\n"]), max_size=80))
def test_nothing_of_a_text_is_lost_or_said_twice(words: list[str]) -> None:
    """Whatever it consists of; and no part is long."""
    text = " ".join(words)
    parts = parts_of(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= MOST for part in parts)


def test_sentences_stay_whole() -> None:
    """A part ends where a sentence ends, if one does within half a minute."""
    parts = parts_of("The bus leaves at nine o'clock from the yard. " * 40)
    assert len(parts) > 5
    assert all(part.endswith(".") for part in parts)
