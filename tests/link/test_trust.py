"""Which servers a tablet takes for its desk."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from cloud.pki import certificates
from cloud.pki.authority import Authority
from device.link.trust import trust

pytestmark = pytest.mark.requirement("K16")

NAME = "desk.example"


def made(folder: Path) -> Authority:
    authority = Authority(folder)
    authority.make([NAME])
    return authority


def shake_hands(client: ssl.SSLContext, server: Authority, name: str) -> None:
    """Run a TLS handshake in memory. Raises ``ssl.SSLCertVerificationError`` where the client refuses."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server.server_certificate_file, server.server_key_file)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(back, there, server_hostname=name),
        serving.wrap_bio(there, back, server_side=True),
    ]
    while ends:
        for end in tuple(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)


@pytest.mark.parametrize(("begins_days", "ends_days"), [(-9900, -9000), (-9900, -1), (1, 9000)])
def test_the_dates_of_the_desks_certificate_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begins_days: int, ends_days: int
) -> None:
    """Ended or not begun, by a clock that may be wrong: help goes through all the same."""
    monkeypatch.setattr(certificates, "BEFORE", timedelta(days=-begins_days))
    monkeypatch.setattr(certificates, "AUTHORITY_LIFE", timedelta(days=ends_days))
    desk = made(tmp_path)
    shake_hands(trust(desk.certificate_file), desk, NAME)


def test_another_authority_or_name_is_not_the_desk(tmp_path: Path) -> None:
    """Who signed it and for which name are judged as ever."""
    desk, stranger = made(tmp_path / "desk"), made(tmp_path / "stranger")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate verify failed"):
        shake_hands(trust(desk.certificate_file), stranger, NAME)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(trust(desk.certificate_file), desk, "other.example")
