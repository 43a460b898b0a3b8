"""Residents and their contacts."""
