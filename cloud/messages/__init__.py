"""What residents are reminded of and told, and what became of it."""
