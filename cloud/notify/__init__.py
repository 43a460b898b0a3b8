"""Notifications between the desk's processes, and their connection to the broker."""
