"""What every channel of an organisation has: whether it is used, when it is tried, what it costs."""

from cloud.base.forms import RowForm
from cloud.delivery.models import ChannelSettings


class ChannelSettingsForm(RowForm[ChannelSettings]):
    """The settings that all channels have; each channel adds its own form."""

    class Meta:
        model = ChannelSettings
        fields = ["is_on", "place", "cents_per_part"]
