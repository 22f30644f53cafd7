"""Every rule is tried through the command line, as its users would meet it."""

from __future__ import annotations

from tests.factories.desks import client, password

__all__ = ["client", "password"]
