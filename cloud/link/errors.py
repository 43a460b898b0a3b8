"""What can end a link worker."""


class LinkError(Exception):
    """The link worker cannot go on."""


class TakenOver(LinkError):
    """Another worker has come to the broker for the same partitions; this one leaves."""


class UnknownPartitions(LinkError):
    """These are not partitions of the contract."""
