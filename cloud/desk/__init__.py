"""The Django project: settings, URLs, the layout of every page."""
