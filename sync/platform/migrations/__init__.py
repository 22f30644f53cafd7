"""Migrations of the platform's database, run by ``sync.platform.upgrading``."""
