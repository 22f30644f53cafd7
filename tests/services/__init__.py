"""Use cases through the real store."""
