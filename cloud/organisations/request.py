"""The request as the desk's views know it: signed in, and aware of HTMX."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cloud.organisations.models import User


class DeskRequest(HttpRequest):
    """A request of somebody who has signed in; ``LoginRequiredMiddleware`` sees to that."""

    user: User
    htmx: HtmxDetails
