"""Timeouts of the stages of a call."""

from datetime import timedelta

RINGS_S = 45.0
# The desk gives up after its 45 s; a desk that crashed never reports it.
CALLING_S = 60.0
# From answering, manually or automatically, until audio is connected.
CONNECTED_WITHIN_S = 20.0
WARNED_BEFORE_S = 60.0
# A question stays until it is answered, or this timeout.
HANG_UP_ASKED_S = 30.0
# A forced call: its chime ends before the announcement begins.
CHIME_S = 2.5
# First the caller's audio, then the room blurred, then clear.
SOUND_FIRST_S = 3.0
BLURRED_S = 10.0
# For this long after requesting an urgent call it opens at once: the resident still waits for it.
REQUEST_IS_FRESH = timedelta(minutes=5)
