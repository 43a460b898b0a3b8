"""Signals of changed residents and contacts.

All are sent inside the transaction that saves. A receiver that raises ``ValidationError`` refuses the change.
"""

from django.dispatch import Signal

# A new resident; called with ``resident``.
resident_added = Signal()
# The resident belongs to another organisation; called with ``resident`` and ``before``.
resident_moved = Signal()
# The resident has moved away, into the archive; called with ``resident``.
resident_archived = Signal()
# Their data, settings or contact list changed; called with ``resident``.
resident_changed = Signal()
# A contact changed, who may belong to several residents; called with ``contact``.
contact_changed = Signal()
# A contact has been anonymised; called with ``contact``, and the ``name`` and ``details`` they had.
contact_anonymised = Signal()
# The days on which an organisation's offices are closed; called with ``organisation``.
closed_days_changed = Signal()
