"""Rows to domain objects: one module per noun."""
