"""The database backend of SQLite, whose writers take turns."""
