"""How long each part of a call may take."""

from datetime import timedelta

RINGS_S = 45.0
# The desk gives up after its 45 s; a desk that has died never says so.
CALLING_S = 60.0
# From the decision to talk, by hand or by countdown, until sound goes both ways.
CONNECTED_WITHIN_S = 20.0
WARNED_BEFORE_S = 60.0
# A question stays until it is answered, or nobody does.
HANG_UP_ASKED_S = 30.0
# A forced call: its chime sounds out before the words begin.
CHIME_S = 2.5
# The caller is heard first, then the room is seen blurred, then clearly.
SOUND_FIRST_S = 3.0
BLURRED_S = 10.0
# So long after asking for an urgent call it opens at once: the resident is still there and waits for it.
REQUEST_IS_FRESH = timedelta(minutes=5)
