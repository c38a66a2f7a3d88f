"""A war room in a terminal: watch a cluster, act on it, verify, record, replay."""

__version__ = "0.1.0"
