"""Commands: do this now. They expire, and each is answered in stages."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.values import Identifier, Line, Name

Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]


class UpdateHelp(Struct, frozen=True, kw_only=True, tag_field="kind", tag="update-help"):
    """What became of the resident's help request at the desk (K3)."""

    help_id: Identifier
    stage: Literal["taken", "arrived", "closed"]
    by: Name = ""


class StartLook(Struct, frozen=True, kw_only=True, tag_field="kind", tag="start-look"):
    """Send pictures of the screen for ``seconds``; sent again to go on. The resident is told who looks."""

    by: Name
    seconds: Annotated[int, Meta(ge=1, le=120)] = 30


class StopLook(Struct, frozen=True, kw_only=True, tag_field="kind", tag="stop-look"):
    """Send no more pictures of the screen."""


class Tap(Struct, frozen=True, kw_only=True, tag_field="kind", tag="tap"):
    """Touch the screen at this share of its width and height, as a finger would."""

    x: Fraction
    y: Fraction


class SelfTest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="self-test"):
    """Test yourself now, as every night; a ``self-tested`` event says what was found (K8)."""


Command = UpdateHelp | StartLook | StopLook | Tap | SelfTest


class Answer(Struct, frozen=True, kw_only=True):
    """A stage in the life of the command whose id is the envelope's ``correlation``."""

    stage: Literal["received", "shown", "done", "declined", "expired", "failed"]
    reason: Line = ""

    @property
    def final(self) -> bool:
        """Whether nothing more will be said of this command."""
        return self.stage not in ("received", "shown")
