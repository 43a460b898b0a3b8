"""How the desk writes dates where a language's usual way is not meant."""
