"""Changes of organisations, for the parts of the desk that act on them.

All are sent inside the transaction that saves. A receiver that raises ``ValidationError`` refuses the change.
"""

from django.dispatch import Signal

# The organisation has another one above it, from which it inherits settings; called with ``organisation``.
organisation_moved = Signal()
