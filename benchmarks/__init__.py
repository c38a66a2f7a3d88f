"""Measurements, each beside a floor of the same run; ``python -m benchmarks --write`` keeps them."""
