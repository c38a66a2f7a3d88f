"""Updates to those who wait: what they say, where they go, when the next is due."""
