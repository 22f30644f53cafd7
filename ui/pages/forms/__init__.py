"""外来表格: looked at, remembered, filled, and their replies read back."""
