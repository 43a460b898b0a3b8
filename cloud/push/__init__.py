"""Web Push to phones whose page is closed, and an e-mail where no phone rings (K15)."""
