"""The screen: what a person at a terminal sees and presses."""
