"""Notifications: events, their recipients and texts, and the outcome."""
