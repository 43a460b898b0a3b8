"""The device: everything that runs on the tablet except the drawing."""

VERSION = "0.1.0"
