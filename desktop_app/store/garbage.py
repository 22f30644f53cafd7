"""Pausing the collector of circular garbage while many records are held in memory at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let nothing look for circular garbage while this lasts.

    Bulk work makes hundreds of thousands of small objects and no circles; walking all of them again and again took
    two fifths of its time, with the interpreter's lock held.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
