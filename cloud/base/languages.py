"""The languages of the desk, each by its own name."""

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("da", "Dansk"), ("en", "English")]
