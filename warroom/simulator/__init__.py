"""The sample cluster as a pure world: it follows from its scenario, its seed and the commands it was given."""
