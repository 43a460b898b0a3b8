"""Pictures and short texts that relatives send to the screen, with hearts in return, and an album (K19)."""
