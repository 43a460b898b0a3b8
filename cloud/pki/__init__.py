"""The certificate authority of desk and devices."""
