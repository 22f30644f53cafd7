"""督导与风险 (六.3): what cannot be, what somebody must explain, and duplicates; one detector a function."""
