"""What the resident did. A button of the Screen carries its Intent; the window sends it back."""

from typing import Literal

from msgspec import Struct


class PressHelp(Struct, frozen=True, tag_field="kind", tag="press-help"):
    """Ask for help, or look at how the request is doing. Where help must be held, it was."""


class TouchHelp(Struct, frozen=True, tag_field="kind", tag="touch-help"):
    """A finger was put on a help button that must be held."""


class LetGoHelp(Struct, frozen=True, tag_field="kind", tag="let-go-help"):
    """It was lifted before its time."""


class CancelHelp(Struct, frozen=True, tag_field="kind", tag="cancel-help"):
    """No help is needed: the button that is there while the seconds are counted."""


class WishCallBack(Struct, frozen=True, tag_field="kind", tag="wish-call-back"):
    """The urgent-call button."""


class ToggleMute(Struct, frozen=True, tag_field="kind", tag="toggle-mute"):
    """Silence the ring, or let it be heard again."""


class OpenPerson(Struct, frozen=True, tag_field="kind", tag="open-person"):
    """A face was touched."""

    contact_id: str


class OpenPage(Struct, frozen=True, tag_field="kind", tag="open-page"):
    """Go to a page that has no subject of its own."""

    page: Literal["home", "cafe"]


Intent = PressHelp | TouchHelp | LetGoHelp | CancelHelp | WishCallBack | ToggleMute | OpenPerson | OpenPage
