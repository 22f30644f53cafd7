"""Faults of sharing between workstations: lines that fail, workstations and relays that die, backups and copies."""
