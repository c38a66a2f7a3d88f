"""The host of a room: sequencer, hub, pump, dispatch, server; and the other end: client and player."""
