"""The desk's channel for e-mail, without the process in which it runs."""

from cloud.delivery.channel import channel_of
from cloud.delivery.worker import ChannelWorker


def post_mail() -> None:
    """What is due goes out, in this thread."""
    channel = channel_of("email")
    assert channel
    worker = ChannelWorker(channel)
    worker.turn()
    worker.close()
