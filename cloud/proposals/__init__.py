"""Four eyes: what one person proposes and another confirms (K14)."""
