"""Demo data: a home with fictional people."""
