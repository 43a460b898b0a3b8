"""Errors of placing a call, before the resident's device is involved."""


class CallsError(Exception):
    """The base class of this app's errors."""


class NotADescription(CallsError):
    """The browser did not send a session description that a device could answer."""


class NotPlaced(CallsError):
    """The call was not placed; ``why`` is one of the outcomes of ``cloud.calls.words``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
