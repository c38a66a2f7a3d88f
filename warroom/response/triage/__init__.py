"""Triage: rules over what is known of the cluster, and the findings they come to."""
