"""Alertmanager: alerts, silences, and alerts made by the room."""
