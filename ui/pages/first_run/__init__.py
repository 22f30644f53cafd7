"""First run: from an empty folder to a profile with its administrator."""
