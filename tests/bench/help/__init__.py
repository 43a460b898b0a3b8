"""How soon a press for help is felt, received, and passed on by the next way."""
