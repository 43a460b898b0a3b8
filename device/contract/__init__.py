"""The messages between the care desk and a device. docs/contract.md is generated from here."""
