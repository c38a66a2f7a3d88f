"""Adapters: what a cluster, its metrics, its alerts and its logs look like from here, behind one port."""
