"""Releases of the devices' software, and which devices get them."""
