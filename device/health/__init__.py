"""Whether the core itself is alive: what systemd is told of it."""
