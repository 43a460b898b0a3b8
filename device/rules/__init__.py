"""What should happen: state, event, now → state, effects. No I/O, no clock, no thread."""
