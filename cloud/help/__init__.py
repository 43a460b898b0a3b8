"""Help requests, and who answers them (K3)."""
