"""Value types that several messages share, with their limits."""

from typing import Annotated, Literal

from msgspec import Meta

Language = Literal["fi", "sv", "da", "en"]
# The sources of a help request.
HelpSource = Literal["screen", "button", "pendant"]

LocalTime = Annotated[
    str,
    Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Wall time in the resident's zone, HH:MM"),
]
# The range of the date patterns: a year beyond it is a mistake.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LocalDate = Annotated[
    str,
    Meta(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", description="YYYY-MM-DD"),
]
LocalDateTime = Annotated[
    str,
    Meta(
        pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$",
        description="Wall time in the resident's zone, YYYY-MM-DDTHH:MM",
    ),
]
TimeZone = Annotated[str, Meta(min_length=1, max_length=64, description="IANA time zone name")]

Name = Annotated[str, Meta(max_length=150, description="Any Unicode text; drawn as text, never as markup")]
Line = Annotated[str, Meta(max_length=300)]
Text = Annotated[str, Meta(max_length=2000)]
Identifier = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"^[A-Za-z0-9-]+(?![\s\S])",
        description="Letters, figures and hyphens: it may stand in an address or a file's name",
    ),
]
Component = Annotated[str, Meta(min_length=1, max_length=64, description="A part of the device, in words")]
Version = Annotated[int, Meta(ge=1, description="Grows with each change of the document")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 digest, hexadecimal")]
Sdp = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64_000,
        description="A whole session description (RFC 8866) with its candidates: none follow",
    ),
]
