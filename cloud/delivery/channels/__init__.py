"""The channels, one package each, with transport, settings and tests."""
