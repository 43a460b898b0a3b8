"""Text messages by SMPP 3.4."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cloud.delivery.channel import Channel
from cloud.delivery.channels.smpp.forms import SmppForm


def _open(values: Mapping[str, Any]) -> Any:
    from cloud.delivery.channels.smpp.transport import SmppSession

    return SmppSession(values)


CHANNEL = Channel("smpp", _("Text messages by SMPP"), "phone", _open, SmppForm, listens=True)
