"""The window in the resident's room: draws the Screen it is given, and says what was touched."""
