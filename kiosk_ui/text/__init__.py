"""Text rendering: font selection, fitting into a box, and rasterisation."""
