"""The common input of all parts of the Screen: state, moment, and local time."""

from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct

from device.contract.documents import View
from device.rules.night import is_night
from device.rules.now import Now
from device.rules.state import State
from device.screen.words import Words, words_of
from device.window_protocol.model import Style


class PageContext(Struct, frozen=True, kw_only=True):
    """The state at one moment. ``local`` is the wall time of the resident's zone."""

    state: State
    now: Now
    view: View
    zone: ZoneInfo
    local: datetime
    words: Words

    @classmethod
    def of(cls, state: State, now: Now) -> Self:
        """Create the context for a state; before the first view, in the language of the claim."""
        view = state.documents.view or View(version=1, language=state.first_language)
        zone = ZoneInfo(view.time_zone)
        return cls(
            state=state,
            now=now,
            view=view,
            zone=zone,
            local=now.wall.astimezone(zone),
            words=words_of(view.language),
        )

    @property
    def today(self) -> date:
        """Return the date in the resident's zone."""
        return self.local.date()

    @property
    def connected(self) -> bool:
        """Return whether the data is current, that is, the link is up."""
        return self.state.link.connected

    @property
    def known_at(self) -> datetime | None:
        """Return when the link was last up, in the resident's zone; None if never."""
        at = self.state.link.in_touch_at
        return at.astimezone(self.zone) if at else None

    def on_day_at(self, local: datetime) -> str:
        """Return a time of an earlier day within a sentence: ``torstaina klo 8.10``."""
        return self.words(
            "on {weekday} at {time}", weekday=self.words.on_weekday(local), time=self.words.time(local)
        )

    def when(self, at: datetime) -> str:
        """Return a past time: ``14.05`` today, with the weekday in this week, else with the date."""
        local = at.astimezone(self.zone)
        time, days = self.words.time(local), (self.today - local.date()).days
        if days == 0:
            return self.words("Today at {time}", time=time)
        if 0 < days < 7:
            return self.on_day_at(local)
        return f"{self.words.date(local)}, {time}"

    def style(self) -> Style:
        """Return the palette by theme and, where the clock is trusted, hour."""
        theme = self.view.theme
        is_dark = theme.mode == "night" or (theme.mode == "auto" and is_night(self.view, self.now))
        return Style(
            language=self.view.language,
            palette="night" if is_dark else "day",
            high_contrast=theme.high_contrast,
            text_scale=self.view.text_scale,
            profile=self.view.profile,
        )
