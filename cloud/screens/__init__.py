"""The content of each resident's screen (V1)."""
