"""Slurm: nodes and jobs over slurmrestd, node states through scontrol, job logs from their output files."""
