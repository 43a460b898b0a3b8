"""The desk's languages, each by its native name."""

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("da", "Dansk"), ("en", "English")]
