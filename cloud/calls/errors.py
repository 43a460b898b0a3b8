"""What can stand in the way of a call, before the resident's device is asked."""


class CallsError(Exception):
    """The root of this part's errors."""


class NotADescription(CallsError):
    """What a browser sent is no session description that a device could answer."""


class NotPlaced(CallsError):
    """No call came of it; ``why`` is one of the outcomes of ``cloud.calls.words``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
