"""Localisation of the resident's texts: gettext for sentences, CLDR for dates (K13)."""

import gettext
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_period_id

from device.contract.values import Language

_LOCALES: dict[Language, str] = {"fi": "fi", "sv": "sv", "da": "da", "en": "en_GB"}
# As people in that country write: CLDR has 08.10 in Danish and 08:10 in the Swedish of Sweden.
_TIME_FORMATS: dict[Language, str] = {"sv": "H.mm", "da": "H.mm"}
_CATALOGUES = Path(__file__).parent / "locale"


class Words:
    """One language. Called with an English sentence it returns the translation with its fields filled in."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._locale = Locale.parse(_LOCALES[language])
        self._catalogue = gettext.translation("kotiruutu", _CATALOGUES, [language], fallback=language == "en")
        time_format = _TIME_FORMATS.get(language, "short")
        self._time = lru_cache(maxsize=256)(partial(format_time, format=time_format, locale=self._locale))
        self._skeleton = lru_cache(maxsize=64)(partial(format_skeleton, locale=self._locale))
        self._date = lru_cache(maxsize=64)(partial(format_date, locale=self._locale))

    def __call__(self, sentence: str, **fields: str) -> str:
        """Translate the sentence; ``{name}`` stands for a field. Field values are not interpreted."""
        return self._catalogue.gettext(sentence).format(**fields)

    def time(self, at: datetime) -> str:
        """Return ``14.02`` as the language writes it."""
        return self._time(at.time())

    def weekday(self, day: date) -> str:
        """Return the weekday, such as ``lauantai``."""
        return self._date(day, "cccc")

    def on_weekday(self, day: date) -> str:
        """Return the weekday's form within a sentence, such as ``lauantaina``."""
        return self._date(day, "EEEE")

    def day_of_month(self, day: date) -> str:
        """Return the date without its year, such as ``21. marraskuuta``."""
        return self._skeleton("MMMMd", day)

    def date(self, day: date) -> str:
        """Return the date, such as ``21. marraskuuta 2026``."""
        return self._date(day, "long")

    def day_and_part(self, at: datetime) -> str:
        """Return weekday and part of the day, such as ``lauantai-iltapäivä``, ``lördag eftermiddag``."""
        period, periods = _period(at.time(), self._locale), self._locale.day_periods["stand-alone"]
        part: str = periods["wide"].get(period) or periods["abbreviated"][period]
        weekday = self.weekday(at.date())
        if self.language == "fi":
            # Finnish compounds take a hyphen between two like vowels.
            return f"{weekday}-{part}" if weekday[-1] == part[0] else weekday + part
        return f"{weekday} {part}"


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language, loaded once."""
    return Words(language)


def _period(at: time, locale: Locale) -> str:
    """Return the part of the day; noon and midnight belong to the part that they begin."""
    period = get_period_id(at, locale=locale)
    if period in ("noon", "midnight", "am", "pm"):
        later = (datetime.combine(date.min, at) + timedelta(minutes=1)).time()
        return get_period_id(later, locale=locale)
    return period
