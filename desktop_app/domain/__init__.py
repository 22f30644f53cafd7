"""Pure domain: frozen dataclasses, enums and rules as plain functions; stdlib only."""
