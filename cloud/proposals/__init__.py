"""Four-eyes approval: one user proposes, another confirms (K14)."""
