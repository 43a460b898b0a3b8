"""The café's table and the desk's meetings: invitation, joining, leaving; help always has priority."""
