"""The command line: the same services and permissions as the window, for scripts and checks."""
