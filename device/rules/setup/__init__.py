"""The setup wizard of the first start, for the installer."""
