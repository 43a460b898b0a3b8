"""The image of a tablet in an emulated computer: ``make test-vm``."""
