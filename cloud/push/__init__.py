"""Phones that ring with the page closed: Web Push, and an e-mail where no phone has rung (K15)."""
