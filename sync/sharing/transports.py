"""What the engine asks of whatever moves pages: a relay over HTTP, a folder, a file."""

from __future__ import annotations

import hashlib
from typing import Protocol

from desktop_app.services.ports import CancelToken
from sync.contract.relay_files import FilesAnswer, FilesRequest
from sync.contract.sharing import ShelfAnswer, ShelfRequest


class Transport(Protocol):
    """A way to one shelf; pages are the same bytes on all of them."""

    @property
    def shelf(self) -> bytes:
        """Return the name of the shelf (16 bytes), by which the state of sharing with it is kept here."""

    @property
    def counts(self) -> bool:
        """Tell whether the shelf numbers its pages; else those dealt with are kept by name here."""

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Put pages on the shelf and fetch what comes after the cursor; the same request twice changes nothing.

        Raises AppError CANCELLED within 200 ms of a wish to stop, SHELF_UNREACHABLE, and what the shelf refuses with.
        """


class FileShelf(Protocol):
    """Where evidence files lie for colleagues, beside the pages or without any."""

    @property
    def shelf(self) -> bytes:
        """Return the name of the shelf (16 bytes)."""

    def files(self, request: FilesRequest, cancel: CancelToken) -> FilesAnswer:
        """Do what ``sync.contract.relay_files`` describes; raises AppError as ``Transport.exchange``."""


class ClosingTransport(Transport, FileShelf, Protocol):
    """A transport that holds a connection until it is closed."""

    def close(self) -> None:
        """Let the connection go."""


def shelf_name(address: str) -> bytes:
    """Return the name of the shelf at an address."""
    return hashlib.sha256(address.encode("utf-8")).digest()[:16]
