"""The edge of an alarm centre: Kamailio of Debian, which takes SIP in by TLS and carries it on."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID

from cloud.pki import certificates
from provisioning.demo.ports import LOOPBACK, a_free_port
from tests.link.waiting import eventually

_CONFIG = """
#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=2
enable_tls=yes
listen=udp:127.0.0.1:{inside}
listen=tls:127.0.0.1:{port}
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "xlog.so"
loadmodule "tls.so"
modparam("tls", "config", "{folder}/tls.cfg")

request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    xlog("L_ALERT", "took $rm by $proto\\n");
    if (has_totag() && loose_route()) {{ t_relay(); exit; }}
    if (is_method("INVITE")) record_route();
    if ($rU == "alarm") {{
        if ($proto != "tls") {{ sl_send_reply("403", "Only by TLS"); exit; }}
        $du = "sip:127.0.0.1:{centre};transport=udp";
    }} else {{
        $du = "sip:127.0.0.1:{desk};transport=tls";
    }}
    t_relay();
}}
"""
_TLS = """
[server:default]
method = TLSv1.2+
certificate = {trust.certificate}
private_key = {trust.key}
ca_list = {trust.authority}
verify_certificate = yes
require_certificate = yes
[client:default]
method = TLSv1.2+
certificate = {trust.certificate}
private_key = {trust.key}
ca_list = {trust.authority}
verify_certificate = yes
require_certificate = yes
"""


@dataclass(frozen=True)
class Trust:
    """An authority of SIP servers, and a certificate of it that is good at both ends of a connection."""

    authority: Path
    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> "Trust":
        folder.mkdir()
        authority_key, key = certificates.make_key(), certificates.make_key()
        authority = certificates.authority_certificate(authority_key, "SIP of Turva")
        now = datetime.now(UTC)
        hosts = [x509.DNSName("localhost"), x509.IPAddress(ip_address(LOOPBACK))]
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(certificates.name("localhost"))
            .issuer_name(authority.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
            .add_extension(x509.ExtendedKeyUsage(both), critical=False)
            .sign(authority_key, SHA256())
        )
        made = cls(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
        made.authority.write_bytes(certificates.certificate_pem(authority))
        made.certificate.write_bytes(certificates.certificate_pem(certificate))
        made.key.write_bytes(certificates.key_pem(key))
        return made


@dataclass(frozen=True)
class Edge:
    """A running Kamailio, with the port on which it accepts TLS."""

    port: int
    log: Path

    @property
    def address(self) -> str:
        """Return where the desk sends alarms."""
        return f"sip:alarm@localhost:{self.port};transport=tls"

    def took(self) -> list[str]:
        """Return the method of each request, and by what it came."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line.partition("took ")[2] for line in lines if "took " in line]


@contextmanager
def edge(folder: Path, trust: Trust, centre: int, desk: int) -> Iterator[Edge]:
    """Runs before a centre that speaks UDP, and knows the desk's TLS port."""
    folder.mkdir()
    made = Edge(a_free_port(), folder / "log")
    ports = {"port": made.port, "inside": a_free_port(), "centre": centre, "desk": desk}
    (folder / "kamailio.cfg").write_text(_CONFIG.format(folder=folder, **ports))
    (folder / "tls.cfg").write_text(_TLS.format(trust=trust))
    program = shutil.which("kamailio") or "/usr/sbin/kamailio"
    command = [program, "-DD", "-E", "-m", "32", "-f", str(folder / "kamailio.cfg"), "-Y", str(folder)]
    with made.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: _is_listening(made.port), "the edge listens", 20)
        yield made
    finally:
        process.terminate()
        process.wait(timeout=10)


def _is_listening(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex((LOOPBACK, port)) == 0
