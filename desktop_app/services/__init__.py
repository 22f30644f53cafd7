"""Use cases: one module per noun; permission, validation, one journal entry per command."""
