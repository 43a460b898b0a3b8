"""Signals of changed organisations.

All are sent inside the transaction that saves. A receiver that raises ``ValidationError`` refuses the change.
"""

from django.dispatch import Signal

# The organisation has a new parent, from which it inherits settings; called with ``organisation``.
organisation_moved = Signal()
