"""A mail server for the stories; what it was given can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from provisioning.demo.ports import a_free_port


@dataclass
class MailServer:
    """Each e-mail as the desk has handed it over."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> list[str]:
        """The texts that went to this address, oldest first."""
        return [mail.get_content() for mail in self.mails if mail["To"] == address]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Runs while the story does."""
    server = MailServer(a_free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
