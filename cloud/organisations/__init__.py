"""Organisations that nest, the people who work there, and who may see what (V27)."""
