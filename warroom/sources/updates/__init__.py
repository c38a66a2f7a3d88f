"""How updates leave: web hooks, files, alerts."""
