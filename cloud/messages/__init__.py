"""Reminders and messages for residents, and their outcome."""
