"""Widgets that draw rows, tiles and lines, and know nothing of incidents."""
