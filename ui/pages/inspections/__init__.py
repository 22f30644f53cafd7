"""过程检查 of a class."""
