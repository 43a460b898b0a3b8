"""What each resident's screen is made of (V1)."""
