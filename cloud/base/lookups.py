"""Database lookups that tolerate any input from a browser."""

from typing import Any

from django.db.models.lookups import In

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class IntegerIn(In):
    """``pk__in`` without numbers outside the database's range: Django checks only single ones."""

    def get_prep_lookup(self) -> Any:
        """Return the numbers within the range."""
        prepared = super().get_prep_lookup()
        if not isinstance(prepared, list):
            return prepared
        return [each for each in prepared if not isinstance(each, int) or _LEAST <= each <= _MOST]
