"""The post-mortem, computed from the record: events and sentences become a document, then markdown or JSON."""
