"""督导: risk flags with their evidence, and orders of departments."""
