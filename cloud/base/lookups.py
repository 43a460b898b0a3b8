"""Lookups that bear whatever a browser sends."""

from typing import Any

from django.db.models.lookups import In

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class IntegerIn(In):
    """``pk__in`` without numbers that no database can hold: Django does so for a single one only."""

    def get_prep_lookup(self) -> Any:
        """The numbers that a row can have."""
        prepared = super().get_prep_lookup()
        if not isinstance(prepared, list):
            return prepared
        return [each for each in prepared if not isinstance(each, int) or _LEAST <= each <= _MOST]
