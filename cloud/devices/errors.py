"""What can be refused to a device, with the HTTP status that says so."""


class DevicesError(Exception):
    """Something a device asked for that it does not get; the text is for the one who asked."""

    status = 400


class BadRequest(DevicesError):
    """The request cannot be read."""


class NotAuthorised(DevicesError):
    """The device did not show who it is."""

    status = 401


class DeviceRetired(NotAuthorised):
    """The device showed who it is, and is retired: it is to lose what it knows (K17)."""

    status = 410

    def __init__(self, receipt: str) -> None:
        super().__init__("this device is retired")
        self.receipt = receipt


class ClaimRefused(DevicesError):
    """A claim that gives nothing: unknown (403), used (409) or expired (410)."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class RenewalRefused(DevicesError):
    """No new certificate for this device."""

    status = 403


class TooMany(DevicesError):
    """Asked too often."""

    status = 429
