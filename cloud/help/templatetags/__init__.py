"""Template tags of the help board."""
