"""Changes of residents and of those around them, for the parts of the desk that act on them.

All are sent inside the transaction that saves. A receiver that raises ``ValidationError`` refuses the change.
"""

from django.dispatch import Signal

# A new resident; called with ``resident``.
resident_added = Signal()
# The resident belongs to another organisation; called with ``resident`` and ``before``.
resident_moved = Signal()
# Their data, settings or the people on their list; called with ``resident``.
resident_changed = Signal()
# Somebody whom several residents may know; called with ``contact``.
contact_changed = Signal()
# The days on which an organisation's offices are closed; called with ``organisation``.
closed_days_changed = Signal()
