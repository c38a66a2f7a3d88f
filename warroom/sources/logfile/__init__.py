"""A log file on this machine as a source."""
