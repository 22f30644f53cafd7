"""What a workstation remembers of how its window is set up: never data about people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings


class Preferences:
    """Named JSON values in an INI file; Qt keeps them in memory and writes them by and by."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def read(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - each caller knows its own shape
        """Return the value kept under ``key``, or ``default`` where there is none or it cannot be read."""
        raw = self._settings.value(key)
        if not isinstance(raw, str):
            return default
        try:
            return json.loads(raw)
        except ValueError:
            return default

    def write(self, key: str, value: Any) -> None:  # noqa: ANN401 - anything that JSON holds
        """Keep ``value`` under ``key``."""
        self._settings.setValue(key, json.dumps(value, ensure_ascii=True))

    def save(self) -> None:
        """Write what is still in memory to the file."""
        self._settings.sync()
