"""``python -m cloud serve``: the pages over HTTP, and the devices' addresses over HTTPS."""

import asyncio
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError

from cloud.desk import serving
from cloud.devices.authority import Authority, desk_authority
from cloud.link import nudge


class Command(BaseCommand):
    help = "Serves the pages on loopback (a TLS proxy stands before it) and devices over HTTPS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address of the pages")
        parser.add_argument("--port", type=int, default=8000, help="port of the pages")
        parser.add_argument("--device-host", default=None, help="address of the device port, as --host")
        parser.add_argument("--device-port", type=int, default=8443, help="HTTPS port for devices")

    def handle(self, *_args: str, **options: Any) -> None:
        authority = desk_authority()
        if not authority.server_certificate_file.exists():
            raise CommandError("there is no server certificate yet: run make_authority")
        pages = (options["host"], options["port"])
        devices = (options["device_host"] or options["host"], options["device_port"])
        asyncio.run(serving.run(servers(authority, pages=pages, devices=devices), nudge.close))


def servers(
    authority: Authority, *, pages: tuple[str, int], devices: tuple[str, int]
) -> list[serving.QuietServer]:
    """Not yet running: one for people, one for devices, each at a host and port."""
    from cloud.desk.asgi import application

    certificate = {
        "ssl_certfile": str(authority.server_certificate_file),
        "ssl_keyfile": str(authority.server_key_file),
        # Nothing stands before this door: nobody else says who is asking.
        "proxy_headers": False,
    }
    return [
        _server(serving.people_only(application), pages, {}),
        _server(serving.devices_only(application), devices, certificate),
    ]


def _server(application: Any, address: tuple[str, int], more: dict[str, Any]) -> serving.QuietServer:
    host, port = address
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=serving.PATIENCE_S,
        server_header=False,
        **more,
    )
    return serving.QuietServer(config)
