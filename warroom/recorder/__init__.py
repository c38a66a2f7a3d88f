"""Keeps a room's events in one SQLite file per incident, and reads, checks and lists such files."""
