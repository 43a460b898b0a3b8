"""The command ``inspect``: what it answers, and what it says of a question that it cannot answer."""

import json
from typing import Any

import pytest

from cloud.desk.inspection import answered
from tests.cloud.homes import Home

pytestmark = pytest.mark.django_db


def ask(**question: Any) -> Any:
    return json.loads(answered(json.dumps(question)))


def test_rows_are_found_by_lookups_and_across_relations(home: Home) -> None:
    """Only the fields that were asked for, of the rows that match; ids and times as JSON has them."""
    found = ask(
        model="help.HelpRequest",
        fields=["pk", "device__resident__first_name"],
        where={"device__resident__last_name": home.resident.last_name},
    )
    assert found == [[home.help.pk, home.resident.first_name]]
    assert ask(model="help.HelpRequest", fields=["pk"], where={"closed_at__isnull": False}) == []


def test_a_field_is_compared_with_another_of_the_same_row(home: Home) -> None:
    """A request that was received when it was raised is found; with another field it is not."""
    same = {"received_at": {"field": "received_at"}}
    assert ask(model="help.HelpRequest", fields=["pk"], where=same) == [[home.help.pk]]
    assert ask(model="help.HelpRequest", fields=["pk"], where={"pk": home.help.pk, "kind": "none"}) == []


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"model": "help.Nothing", "fields": ["pk"]}, "Nothing"),
        ({"model": "help.HelpRequest", "fields": ["colour"]}, "colour"),
        ({"model": "help.HelpRequest", "fields": ["pk"], "where": {"colour": 1}}, "colour"),
        ({"model": "help.HelpRequest", "fields": ["pk"], "where": {"received_at__gt": "soon"}}, "soon"),
        ({"fields": ["pk"]}, "model"),
    ],
)
def test_a_wrong_question_is_answered_with_the_reason(question: dict[str, Any], reason: str) -> None:
    """The caller reads what is wrong; the command goes on to the next line."""
    assert reason in ask(**question)["error"]
    assert "error" in json.loads(answered("no json"))
