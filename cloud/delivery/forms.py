"""Settings that all channels share: enabled, order, costs."""

from cloud.base.forms import RowForm
from cloud.delivery.models import ChannelSettings


class ChannelSettingsForm(RowForm[ChannelSettings]):
    """The common settings; each channel adds its own form."""

    class Meta:
        model = ChannelSettings
        fields = ["is_on", "place", "cents_per_part"]
