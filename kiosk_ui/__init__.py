"""The window in the resident's room: draws the Screen, and reports touches."""
