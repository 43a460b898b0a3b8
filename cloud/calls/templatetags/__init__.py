"""Tags of the pages about calls."""
