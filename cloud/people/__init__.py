"""Residents and the people around them."""
