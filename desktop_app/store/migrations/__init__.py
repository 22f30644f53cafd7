"""Schema migrations; each has a human name and is never edited after a release."""
