"""Template tags of the calendar's pages."""
