"""Makes values safe for CSV exports, which spreadsheets would otherwise run as formulas."""

# A spreadsheet interprets text that starts like this as a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """Return the value, escaped where a spreadsheet would evaluate it."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int | float) else value
