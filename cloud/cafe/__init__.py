"""The virtual café and events: who is at the table, who is shown, and when it ends."""
