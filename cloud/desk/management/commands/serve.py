"""``python -m cloud serve``: the pages over HTTP, and the devices' addresses over HTTPS."""

import asyncio
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError

from cloud.desk import serving
from cloud.devices.authority import desk_authority
from cloud.link import nudge


class Command(BaseCommand):
    help = "Serves the pages on loopback (a TLS proxy stands before it) and devices over HTTPS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address of the pages")
        parser.add_argument("--port", type=int, default=8000, help="port of the pages")
        parser.add_argument("--device-host", default=None, help="address of the device port, as --host")
        parser.add_argument("--device-port", type=int, default=8443, help="HTTPS port for devices")

    def handle(self, *_args: str, **options: Any) -> None:
        from cloud.desk.asgi import application

        authority = desk_authority()
        if not authority.server_certificate_file.exists():
            raise CommandError("there is no server certificate yet: run make_authority")
        pages = uvicorn.Config(
            serving.people_only(application), host=options["host"], port=options["port"], **_COMMON
        )
        devices = uvicorn.Config(
            serving.devices_only(application),
            host=options["device_host"] or options["host"],
            port=options["device_port"],
            ssl_certfile=str(authority.server_certificate_file),
            ssl_keyfile=str(authority.server_key_file),
            proxy_headers=False,
            **_COMMON,
        )
        servers: list[uvicorn.Server] = [serving.QuietServer(config) for config in (pages, devices)]
        asyncio.run(serving.run(servers, nudge.close))


_COMMON: dict[str, Any] = {
    "lifespan": "off",
    "log_level": "warning",
    "timeout_graceful_shutdown": serving.PATIENCE_S,
    "server_header": False,
}
