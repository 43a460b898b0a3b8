"""From words to pixels: which typeface has the letters, how they fit a box, and their picture."""
