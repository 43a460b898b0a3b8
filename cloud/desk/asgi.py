"""The ASGI application: the desk with a limit on request size, and with turns for parts of pages."""

import os
from typing import cast

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cloud.desk.bound import Application, Bounded
from cloud.desk.turns import PartsInTurn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")
django.setup(set_prefix=False)

LARGEST_REQUEST_BYTES = 12_000_000


class OneThreadHandler(ASGIHandler):
    """Runs all middleware and the view of a request in its thread (decision 0151).

    Django's own would go from the thread to the event loop and back for each piece of middleware. What an
    asynchronous view streams is still sent by the event loop.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        """Load the middleware for threads."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, made in the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


application = Bounded(PartsInTurn(cast(Application, OneThreadHandler())), LARGEST_REQUEST_BYTES)
