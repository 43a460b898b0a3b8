"""A table of the café: one tablet, browsers and a crowd: ``python -m tests.bench.cafe``."""
