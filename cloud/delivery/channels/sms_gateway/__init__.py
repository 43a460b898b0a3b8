"""Text messages by an HTTP gateway."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cloud.delivery.channel import Channel
from cloud.delivery.channels.sms_gateway.forms import GatewayForm


def _open(values: Mapping[str, Any]) -> Any:
    from cloud.delivery.channels.sms_gateway.transport import GatewaySession

    return GatewaySession(values)


CHANNEL = Channel(
    "sms-gateway", _("Text messages by an HTTP gateway"), "phone", _open, GatewayForm, knows_repeats=True
)
