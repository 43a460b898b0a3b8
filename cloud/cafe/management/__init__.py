"""Management commands of the café."""
