"""SCAIP messages: what we send keeps to the published lengths, and what comes is taken for what it is."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.partner import scaip
from cloud.partner.scaip import Answer, Malformed, Request, build, parse

pytestmark = pytest.mark.requirement("K12")

BOMB = (
    '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><mrs><ref>&b;</ref></mrs>'
)
FILE = '<!DOCTYPE m [<!ENTITY f SYSTEM "file:///etc/passwd">]><mrs><ref>&f;</ref><snu>0</snu></mrs>'


def test_an_alarm_says_who_and_what() -> None:
    """The centre reads the resident's number, the kind of the device, and a manual alarm."""
    text = build(Request("abc123", "000001", scaip.MANUAL_ALARM, device_type=scaip.PERSONAL_TRIGGER))
    root = ET.fromstring(text)
    found = {element.tag: element.text for element in root}
    assert root.tag == "mrq"
    assert found["ref"] == "abc123"
    assert found["cid"] == "000001"
    assert (found["mty"], found["dty"], found["stc"]) == ("ME", "0003", "0010")


@given(st.text(max_size=200))
def test_every_field_keeps_its_length(words: str) -> None:
    """Whatever the text, each field is as long as it may be at most, and the message is XML."""
    root = ET.fromstring(build(Request("a1", "1", "0067", text=words)))
    for element in root:
        assert re.fullmatch(scaip.REQUEST_FIELDS[element.tag], element.text or "")


@pytest.mark.parametrize("number", ["", "12a", "1" * 17, "\uff11"])
def test_a_wrong_number_is_not_sent(number: str) -> None:
    """A centre would take it for somebody else, or for nobody."""
    with pytest.raises(Malformed):
        build(Request("a1", number, "0010"))


def test_only_status_0_means_received() -> None:
    """Everything else is the centre's word that it does not have the alarm."""
    assert parse("<mrs><ref>a1</ref><snu>0</snu></mrs>").is_received
    assert parse('<?xml version="1.0"?>\n<mrs><snu>00</snu><ref>a1</ref></mrs>').is_received
    for status in range(1, 100):
        assert not parse(f"<mrs><ref>a1</ref><snu>{status}</snu><ste>x</ste></mrs>").is_received


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "hello",
        "<mrs><ref>a1</ref><snu>0</snu>",
        "<mrq><ref>a1</ref><snu>0</snu></mrq>",
        "<mrs><ref>a1</ref></mrs>",
        "<mrs><snu>0</snu></mrs>",
        "<mrs><ref>a1</ref><snu>zero</snu></mrs>",
        "<mrs><ref>a1</ref><snu>-0</snu></mrs>",
        "<mrs><ref>a1</ref><snu>\uff15</snu></mrs>",
        "<mrs><ref>a1</ref><snu>5</snu><snu>0</snu></mrs>",
        "<mrs><ref>a b</ref><snu>0</snu></mrs>",
        f"<mrs><ref>{'a' * 17}</ref><snu>0</snu></mrs>",
        f"<mrs><ref>a1</ref><snu>0</snu><ste>{'a' * 9000}</ste></mrs>",
        BOMB,
        FILE,
    ],
)
def test_what_is_no_answer_confirms_nothing(wrong: str) -> None:
    """Truncated, foreign, doubled, swollen or with entities: none of it is an answer."""
    with pytest.raises(Malformed):
        parse(wrong)


@given(
    st.text(max_size=400)
    | st.builds(lambda a, b: f"<mrs><ref>{a}</ref><snu>{b}</snu></mrs>", st.text(), st.text())
)
def test_garbage_ends_in_one_error(text: str) -> None:
    """Nothing that arrives raises anything else."""
    try:
        answer = parse(text)
    except Malformed:
        return
    assert isinstance(answer, Answer)
