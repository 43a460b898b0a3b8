"""Errors in answers to devices, with their HTTP status."""


class DevicesError(Exception):
    """A request that is refused; the text is for the requester."""

    status = 400


class BadRequest(DevicesError):
    """The request cannot be read."""


class NotAuthorised(DevicesError):
    """The device could not be authenticated."""

    status = 401


class DeviceRetired(NotAuthorised):
    """The authenticated device is retired and must wipe its data (K17)."""

    status = 410

    def __init__(self, receipt: str) -> None:
        super().__init__("this device is retired")
        self.receipt = receipt


class ClaimRefused(DevicesError):
    """A claim that is unknown (403), used (409) or expired (410)."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class RenewalRefused(DevicesError):
    """The certificate cannot be renewed."""

    status = 403


class TooMany(DevicesError):
    """A device asks too often; the port answers 429."""

    status = 429
