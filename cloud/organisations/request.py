"""The request type of the desk's views: authenticated, with HTMX."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cloud.organisations.models import User


class DeskRequest(HttpRequest):
    """A request of a signed-in user, which ``LoginRequiredMiddleware`` ensures."""

    user: User
    htmx: HtmxDetails
