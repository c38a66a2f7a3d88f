"""All that can have happened: the envelope, one file of event types per family, and the codec."""
