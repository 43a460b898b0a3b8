"""The base of the desk: it imports none of the other apps."""
