"""What a good commander knows, as pure functions: plans shown before an action, verdicts read after it."""
