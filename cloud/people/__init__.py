"""Residents, their contacts, and what is between the two."""
