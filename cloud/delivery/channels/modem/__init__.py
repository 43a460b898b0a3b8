"""Text messages over a modem at the desk, on the port in KOTIRUUTU_DESK_MODEM."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cloud.delivery.channel import Channel
from cloud.delivery.channels.modem.forms import ModemForm


def _open(_values: Mapping[str, Any]) -> Any:
    from cloud.delivery.channels.modem.transport import ModemSession

    return ModemSession(settings.DESK_MODEM)


CHANNEL = Channel(
    "modem",
    _("Text messages by a modem at the desk"),
    "phone",
    _open,
    ModemForm,
    listens=True,
    is_here=lambda: bool(settings.DESK_MODEM),
)
