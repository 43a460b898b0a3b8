"""Messages to people: the outbox, and the channels that deliver it."""
