"""The Django project: settings, addresses, the shell of every page."""
