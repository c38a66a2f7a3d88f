"""The sample cluster as a source and an actuator."""
