"""What core and window say to each other: Screen and intents by socket, pictures of a call by memory."""
