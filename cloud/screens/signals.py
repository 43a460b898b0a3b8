"""Signals of changed groups; sent inside the transaction that saves."""

from django.dispatch import Signal

# Residents joined or left a group, or it was removed; called with ``residents``, their keys.
group_changed = Signal()
