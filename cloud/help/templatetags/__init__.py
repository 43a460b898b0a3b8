"""Tags of the help board."""
