"""The desk's own commands."""
