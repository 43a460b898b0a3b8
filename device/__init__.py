"""The device: everything that runs on the tablet except the drawing."""
