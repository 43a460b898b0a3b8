"""Messages to people: the table of what is due, and the channels that carry it."""
