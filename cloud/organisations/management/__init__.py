"""Commands about organisations and those who sign in."""
