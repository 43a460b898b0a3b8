"""Prometheus metrics: access by token, no names, and a matching dashboard."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K12")

DASHBOARD = Path(__file__).parents[2] / "provisioning" / "grafana" / "kotiruutu.json"


def read(client: Client, settings: Any) -> str:
    """The metrics, with the token."""
    settings.METRICS_TOKEN = "a long token"
    return client.get("/metrics", headers={"Authorization": "Bearer a long token"}).content.decode()


def test_the_figures_are_those_of_the_desk(client: Client, home: Home, settings: Any) -> None:
    """One unanswered help request, one silent device."""
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(read(client, settings))
        for sample in family.samples
    }
    assert samples["kotiruutu_help_unanswered",] == 1
    assert samples["kotiruutu_devices", "no"] == 1
    assert samples["kotiruutu_device_faults",] == 1
    assert samples["kotiruutu_alarm_messages_24h", "received"] == 0


def test_no_figure_names_anybody(client: Client, home: Home, settings: Any) -> None:
    """Neither residents nor homes nor devices are in a label."""
    text = read(client, settings)
    assert home.mark not in text
    assert home.device.pk not in text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Bearer ", "a long token"])
def test_without_the_token_there_is_nothing(client: Client, db: None, settings: Any, header: str) -> None:
    """Also where no token is set."""
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404
    settings.METRICS_TOKEN = "a long token"
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_the_dashboard_asks_for_what_there_is(client: Client, home: Home, settings: Any) -> None:
    """Every metric in a panel of the Grafana dashboard is one that the desk exports."""
    text = read(client, settings)
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    asked = {name for panel in panels for name in re.findall(r"kotiruutu_\w+", panel["targets"][0]["expr"])}
    assert len(asked) == len(panels)
    for name in asked:
        assert re.search(rf"^{name}[ {{]", text, re.MULTILINE)
