"""A home with people who do not exist, to try the desk and the screen with."""
