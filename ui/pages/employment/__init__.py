"""就业跟踪 of a class."""
