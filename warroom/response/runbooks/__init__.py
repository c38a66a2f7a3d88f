"""Runbooks: what a file says, which requests a step stands for, how a run goes on."""
