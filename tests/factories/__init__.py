"""Makers of what tests work on: real stores, real journals, synthetic people."""
