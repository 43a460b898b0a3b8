"""Template tags of the call pages."""
