"""Measures the desk's pages and a change of many screens with an organisation of thousands."""
