"""What relatives send to the screen: pictures and a few words, hearts back, an album (K19)."""
