"""Prometheus: watched figures by instant queries, histories by range queries."""
