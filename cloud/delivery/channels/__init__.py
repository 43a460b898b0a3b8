"""The channels, one folder each: transport, settings, tests. Adding one touches no other."""
