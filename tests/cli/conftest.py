"""The office's command line on a copy of a ready profile."""

from __future__ import annotations

from tests.factories.desks import client, password

__all__ = ["client", "password"]
