"""The link worker between MQTT and the desk's database."""
