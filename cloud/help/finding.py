"""Calls for help by the resident's name: those that are open on the board, the others in the archive."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cloud.base.search import Hit, Subject
from cloud.base.templatetags.desk import moment
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.organisations.roles import Verb


def _find_open(user: User, words: str) -> QuerySet[HelpRequest]:
    return _found(user, words).filter(closed_at=None)


def _find_closed(user: User, words: str) -> QuerySet[HelpRequest]:
    return _found(user, words).exclude(closed_at=None)


def _found(user: User, words: str) -> QuerySet[HelpRequest]:
    rows = HelpRequest.objects.visible_to(user).filter(board.named(words))
    return rows.select_related("resident", "organisation").order_by("-received_at", "-pk")


def _open_hit(request: HelpRequest) -> Hit:
    return _hit(request, f"{reverse('help:board')}#help-{request.pk}")


def _closed_hit(request: HelpRequest) -> Hit:
    return _hit(request, f"{reverse('help:archive')}?{urlencode({'q': str(request.resident)})}")


def _hit(request: HelpRequest, url: str) -> Hit:
    details = [request.get_kind_display(), moment(request.received_at), str(request.organisation)]
    return Hit(str(request.resident), details, url)


_ARCHIVE, _BOARD = Verb.READ_ARCHIVE, Verb.ANSWER_HELP
OPEN = Subject("open-help", _("Open calls for help"), 5, _BOARD, _find_open, _open_hit, "help:board")
CLOSED = Subject(
    "closed-help", _("Closed calls for help"), 40, _ARCHIVE, _find_closed, _closed_hit, "help:archive"
)
