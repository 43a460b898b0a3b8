"""What the care desk and a device say to each other. See docs/contract.md, generated from here."""
