"""Attacks by the address of a partner's webhook: the desk is no way into its own machine (OWASP SSRF)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.base import signed_post
from cloud.base.https_post import refuse_local
from cloud.help import webhook
from cloud.help.errors import Undeliverable
from tests.cloud.https_server import trusted_authority
from tests.cloud.partner_server import PartnerServer, partner_server


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[PartnerServer]:
    """A server on the desk's own machine whose certificate the desk trusts."""
    authority = trusted_authority(tmp_path, settings)
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    with partner_server(authority) as running:
        yield running


def test_an_address_that_leads_to_the_desk_itself(server: PartnerServer) -> None:
    """Nothing is sent to it, although it would be trusted."""
    with pytest.raises(Undeliverable, match="desk's own machine"):
        webhook.post(server.url, "a secret of the partner", {"id": "1"})
    assert server.alarms == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1%2"])
def test_every_way_to_write_the_own_machine(address: str) -> None:
    """Loopback and link-local, in both versions of the protocol and mapped from one into the other."""
    with pytest.raises(ValueError, match="desk's own machine"):
        refuse_local(address, signed_post.target())


@pytest.mark.parametrize("address", ["10.1.2.3", "192.0.2.7", "2001:db8::7"])
def test_a_partner_elsewhere_is_reached(address: str) -> None:
    """An alarm centre may be in the organisation's own network."""
    refuse_local(address, signed_post.target())
