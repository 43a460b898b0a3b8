"""The setup wizard: a process that owns the screen until the core takes over."""
