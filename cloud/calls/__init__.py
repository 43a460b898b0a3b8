"""Calls between residents and those around them."""
