"""The wizard of the first start: a process of its own that has the screen until the core takes it."""
