"""教师: who teaches, and with what account."""
