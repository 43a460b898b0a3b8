"""Management commands of organisations and users."""
