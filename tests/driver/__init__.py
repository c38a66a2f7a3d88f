"""Drives the real program: verbs as processes, screens in tmux."""
