"""Builds the Debian packages of tablet and desk, with every Python part inside."""
