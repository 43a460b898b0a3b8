"""The same image with a browser in kiosk mode instead of our window, to compare its start."""
