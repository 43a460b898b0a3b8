"""The link to the desk: MQTT session, outbox, HTTPS, photos."""
