"""The fold: events in, the state of the room out; one slice per family."""
