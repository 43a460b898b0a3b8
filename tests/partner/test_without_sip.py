"""A desk on a system for which pjsua2 has no wheel, as Debian 13 (docs/decisions/0058)."""

import sys

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.requirement("S1")
def test_the_process_for_alarms_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error names the package."""
    for name in ("cloud.partner.sip", "cloud.partner.sip_voice", "cloud.partner.alarms"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pjsua2", None)
    with pytest.raises(CommandError, match="SIP needs pjsua2-python, which is not here"):
        call_command("alarms")
