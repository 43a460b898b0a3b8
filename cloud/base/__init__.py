"""What every part of the desk stands on, and which knows none of them."""
