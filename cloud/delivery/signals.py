"""Signals of messages on their way."""

from django.dispatch import Signal

# An attempt or a report has moved a message on; called with ``row``, inside the transaction that saves it.
delivery_moved = Signal()
