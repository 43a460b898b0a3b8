"""What the resident sees, as data, and what they did; and the socket that carries both."""
