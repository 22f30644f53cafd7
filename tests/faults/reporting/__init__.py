"""Faults of the way between an institution and the province: a line that fails, workstations and platforms that die."""
