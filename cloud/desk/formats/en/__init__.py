"""English as the Nordic countries write it: no American dates."""
