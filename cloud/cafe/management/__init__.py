"""Commands of the café."""
