"""The virtual café and events: participants, the shown speaker, and the end of sessions."""
