"""Management commands, one in each file."""
