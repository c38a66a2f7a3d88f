"""The rules of triage, each a small pure function of the picture."""
