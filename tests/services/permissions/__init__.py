"""Role × command, one module an area: ``EXPECTED`` command → roles, ``ATTEMPTS`` command → what is tried,
``NOTHING_THERE`` what a permitted attempt may answer instead of doing it.

For undo: ``PREPARED`` command → what makes the ground ready and returns the act; ``NOT_UNDOABLE`` commands.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from desktop_app.services.container import Services
from tests.factories.offices import Office

Attempt = Callable[[Services, Office], object]
EXPECTED: dict[str, str] = {}
ATTEMPTS: dict[str, Attempt] = {}
NOTHING_THERE: dict[str, set[str]] = {}
PREPARED: dict[str, Callable[[Services, Office], Callable[[], object]]] = {}
NOT_UNDOABLE: set[str] = set()

for _found in pkgutil.iter_modules(__path__, f"{__name__}."):
    _area = import_module(_found.name)
    EXPECTED |= _area.EXPECTED
    ATTEMPTS |= _area.ATTEMPTS
    NOTHING_THERE |= _area.NOTHING_THERE
    PREPARED |= getattr(_area, "PREPARED", {})
    NOT_UNDOABLE |= getattr(_area, "NOT_UNDOABLE", set())
