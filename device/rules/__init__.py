"""The device's rules: state, event, now → state, effects. No I/O, no clock, no thread."""
