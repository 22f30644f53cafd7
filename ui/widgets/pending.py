"""Values that were typed and are on their way to the store: shown at once, taken back where they are refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class PendingValues(Generic[Key, Value]):
    """The newest typed value of each key, until its command has come back.

    Two commands may be under way for one key: the older one coming back leaves the newer value standing.
    """

    def __init__(self) -> None:
        self._values: dict[Key, tuple[int, Value]] = {}
        self._next = 0

    def begin(self, values: Mapping[Key, Value]) -> int:
        """Take typed values; return the number under which their command settles them."""
        self._next += 1
        self._values.update({key: (self._next, value) for key, value in values.items()})
        return self._next

    def settle(self, number: int) -> list[Key]:
        """Forget the values of a command that came back; return the keys that show the stored value again."""
        settled = [key for key, (own, _value) in self._values.items() if own == number]
        for key in settled:
            del self._values[key]
        return settled

    def forget(self) -> None:
        """Forget every value under way; numbers given out before settle nothing of what begins afterwards."""
        self._values.clear()

    def holds(self, key: Key) -> bool:
        """Tell whether a value of ``key`` is under way."""
        return key in self._values

    def value(self, key: Key, stored: Value) -> Value:
        """Return what is shown: the value under way, else the stored one."""
        found = self._values.get(key)
        return stored if found is None else found[1]

    def over(self, keys: Iterable[Key], stored: Mapping[Key, Value]) -> dict[Key, Value | None]:
        """Return what is shown for ``keys``, None where there is nothing."""
        return {key: self._values[key][1] if key in self._values else stored.get(key) for key in keys}
