"""Sharing between the workstations of an institution: pages of journal entries, the engine, and its transports."""
