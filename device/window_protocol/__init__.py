"""The protocol of core and window: Screen and intents over a socket, call pictures in shared memory."""
