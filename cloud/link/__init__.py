"""The link worker: MQTT on one side, the desk's database on the other."""
