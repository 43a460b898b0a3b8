"""E-mail over the desk's mail server."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cloud.delivery.channel import Channel


def _open(_values: Mapping[str, Any]) -> Any:
    from cloud.delivery.channels.email.transport import MailSession

    return MailSession()


CHANNEL = Channel("email", _("E-mail"), "email", _open)
