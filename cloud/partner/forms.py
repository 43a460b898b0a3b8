"""The form of an alarm centre."""

from django.utils.translation import gettext_lazy as _

from cloud.base.forms import RowForm
from cloud.partner.models import AlarmCentre


class CentreForm(RowForm[AlarmCentre]):
    """Where alarms go, and how the centre answers."""

    class Meta:
        model = AlarmCentre
        fields = ["server", "second_server", "answer", "content_type", "controller", "heartbeat_min"]
        help_texts = {
            "server": _("As in sip:alarm@centre.example:5061;transport=tls"),
            "second_server": _("Asked when the first does not answer; may be empty."),
            "controller": _("Digits that the centre has given to the desk itself, for signs of life."),
        }
