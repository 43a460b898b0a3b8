"""Who changed what, from what to what (K20)."""
