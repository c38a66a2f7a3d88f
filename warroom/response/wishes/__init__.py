"""Wishes about the response as pure functions: the events that grant one, or why it is refused."""
