"""The tree of organisations, their users, and who may see what (V27)."""
