"""``python -m cloud serve pages`` and ``serve devices``: separate processes for isolation."""

import asyncio
import sys
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from cloud.desk import serving
from cloud.desk.guarded import GuardedLoop, GuardedProtocol, ProxiedProtocol, allow_many_connections
from cloud.notify import live_updates
from cloud.pki.authority import Authority, desk_authority

PORTS = {"pages": 8000, "devices": 8443}
# PostgreSQL allows a hundred for all processes of the desk together, and boards ask all at once.
MOST_CONNECTIONS = 16
WAIT_FOR_CONNECTION_S = 20.0
# A transaction asks for the interpreter after each statement. Among busy threads it waits for it so long each
# time, while every other writer waits for the transaction.
SWITCH_THREADS_S = 0.0005


class Command(BaseCommand):
    help = "Serves the pages on loopback (a TLS proxy stands before it), or devices over HTTPS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=sorted(PORTS))
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
        parser.add_argument("--port", type=int, default=None, help="8000 for pages, 8443 for devices")

    def handle(self, *_args: str, **options: Any) -> None:
        what: str = options["what"]
        address = (options["host"], options["port"] or PORTS[what])
        if what == "devices":
            authority = desk_authority()
            if not authority.server_certificate_file.exists():
                raise CommandError("there is no server certificate yet: run make_authority")
            server = device_server(authority, address)
        else:
            server = page_server(address)
        sys.setswitchinterval(SWITCH_THREADS_S)
        allow_many_connections()
        share_connections()
        with asyncio.Runner(loop_factory=GuardedLoop) as runner:
            runner.run(serving.run(server, live_updates.close))


def share_connections() -> None:
    """Let the requests of this process take turns at a few connections, where the database is PostgreSQL.

    Each request has a thread of its own, and would have a connection of its own.
    """
    if connection.vendor != "postgresql":
        return
    connection.close()
    shared = connections.settings["default"]
    # A connection that the database has dropped, as after its restart, is not given to a request.
    shared["CONN_HEALTH_CHECKS"] = True
    shared["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": MOST_CONNECTIONS, "timeout": WAIT_FOR_CONNECTION_S}
    }


def page_server(address: tuple[str, int]) -> serving.QuietServer:
    """Return the server for people; not yet running."""
    from cloud.desk.asgi import application

    return _server(serving.people_only(application), address, ProxiedProtocol, {})


def device_server(authority: Authority, address: tuple[str, int]) -> serving.QuietServer:
    """Return the server for devices, with TLS; not yet running."""
    from cloud.desk.asgi import application

    certificate = {
        "ssl_certfile": str(authority.server_certificate_file),
        "ssl_keyfile": str(authority.server_key_file),
        # No proxy is in front of this port: forwarded addresses are not trusted.
        "proxy_headers": False,
    }
    return _server(serving.devices_only(application), address, GuardedProtocol, certificate)


def _server(
    application: Any, address: tuple[str, int], http: type[GuardedProtocol], more: dict[str, Any]
) -> serving.QuietServer:
    host, port = address
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        http=http,
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=serving.PATIENCE_S,
        server_header=False,
        **more,
    )
    return serving.QuietServer(config)
