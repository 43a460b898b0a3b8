"""Hardware access: one port for each component, one adapter a file.

Imports nothing from the other packages.
"""
