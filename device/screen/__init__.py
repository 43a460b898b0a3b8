"""The Screen as data, the resident's intents, and the socket for both."""
