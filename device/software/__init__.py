"""The device's software releases, stored side by side."""
