"""The nouns of a cluster and of an incident."""
