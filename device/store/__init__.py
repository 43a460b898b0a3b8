"""What survives a power cut: the durable state, the outbox, the inbox. SQLite, WAL, FULL."""
