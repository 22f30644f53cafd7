"""The reference platform: fixes the contract, serves tests, demo and training (ASGI on SQLite or PostgreSQL)."""
