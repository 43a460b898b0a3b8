"""Durable storage: state, outbox and inbox. SQLite, WAL, FULL."""
