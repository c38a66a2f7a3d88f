"""The sample cluster as a pure world: it follows from scenario, seed and commands."""
