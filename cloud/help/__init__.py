"""Requests for help, and who goes (K3)."""
