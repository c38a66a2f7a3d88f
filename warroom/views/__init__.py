"""Pure functions from state and a time to rows and sentences; no colour, no widget."""
