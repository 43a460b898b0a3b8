"""Notifications: what happens in this system, who is told of it in which words, and what became of that."""
