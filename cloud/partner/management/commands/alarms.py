"""``python -m cloud alarms``: the desk's only process with SIP connections to alarm centres."""

import logging
import signal
from argparse import ArgumentParser
from threading import Event

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Carries alarms to alarm receiving centres by SCAIP, and their answers back. One is enough."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="the address that centres answer to")  # noqa: S104
        parser.add_argument("--port", type=int, default=5060, help="UDP and TCP; TLS is the next one")

    def handle(self, *_args: str, host: str, port: int, **_options: object) -> None:
        try:
            from cloud.partner.alarms import Alarms
            from cloud.partner.sip import Tls, phone
        except ImportError as error:
            raise CommandError(f"SIP needs pjsua2-python, which is not here: {error}") from None
        logging.getLogger("cloud.partner").setLevel(logging.INFO)
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        authority = settings.PARTNER_AUTHORITY or settings.SYSTEM_AUTHORITIES
        if settings.SIP_CLIENTS_NEED_CERTIFICATE and not settings.PARTNER_AUTHORITY:
            # Any certificate that anybody bought would open the port.
            raise CommandError("certificates of clients need KOTIRUUTU_PARTNER_AUTHORITY")
        tls = Tls(
            authority,
            settings.SIP_CERTIFICATE,
            settings.SIP_KEY,
            clients_need_certificate=settings.SIP_CLIENTS_NEED_CERTIFICATE,
        )
        with phone(host, port, tls) as made:
            Alarms(made).run(stopping)
