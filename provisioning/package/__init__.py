"""Builds the Debian packages of tablet and desk, with all Python packages included."""
