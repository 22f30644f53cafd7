"""A workstation that dies before and after each step of a report's way, and at any instant of a push and of a pull."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from desktop_app.services.batches import BatchService
from sync.reporting import sealing
from sync.reporting.http_adapter import PlatformApi
from tests.faults.kill.child import Look, Teller
from tests.faults.kill.desks import HOLIDAY, entries
from tests.faults.kill.reporting_acts import (
    PAGE,
    RECORDS,
    Pulling,
    ReportingAct,
    check_sound_as_office,
)

POINTS = ("seal", "manifest", "page", "receipt", "cursor")
"""The steps that must be whole or not at all: 封存, manifest accepted, page committed, receipt stored, cursor moved."""


def stages(*points: str) -> tuple[str, ...]:
    """Return where a death is wanted: before and after each step."""
    return tuple(f"{when} {point}" for point in points for when in ("before", "after"))


def marked(tell: Teller, name: Callable[..., str | None], call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that marks the instants before and after it; ``name`` tells the step from its arguments."""

    @functools.wraps(call)
    def run(*given: Any, **named: Any) -> Any:
        step = name(*given, **named)
        if step is None:
            return call(*given, **named)
        tell.mark(f"before {step}")
        found = call(*given, **named)
        tell.mark(f"after {step}")
        return found

    return run


def _stored(_batches: BatchService, pages: list[Any], *_: Any, **_named: Any) -> str | None:
    if not pages:
        return None
    return "receipt" if pages[0].stream.startswith("receipt:") else "cursor"


@contextmanager
def watched(tell: Teller) -> Iterator[None]:
    """Mark the steps of reporting in this process, and seal many small pages."""
    cut = sealing.cut_pages
    steps: list[tuple[type, str, Callable[..., str | None]]] = [
        (BatchService, "seal", lambda *_: "seal"),
        (PlatformApi, "put_manifest", lambda *_: "manifest"),
        (PlatformApi, "put_page", lambda *_: "page"),
        (BatchService, "take_pages", _stored),
    ]
    with patch.object(sealing, "cut_pages", lambda placed, *_: cut(placed, PAGE)):
        undo = []
        for owner, method, name in steps:
            undo.append((owner, method, getattr(owner, method)))
            setattr(owner, method, marked(tell, name, getattr(owner, method)))
        try:
            yield
        finally:
            for owner, method, former in undo:
                setattr(owner, method, former)


@dataclass(frozen=True)
class Reporting(ReportingAct):
    """Everything is sealed and pushed, page by page."""

    name: ClassVar[str] = "push"
    stages: ClassVar[tuple[str, ...]] = stages("seal", "manifest", "page", "receipt")
    look: ClassVar[Look] = Look()

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder, "admin") as services, watched(tell):
            assert services.reporting is not None
            tell.begin()
            sealed = services.reporting.seal()
            outcome = services.reporting.push(sealed.batch)
            tell.acknowledge((outcome.sent, outcome.accepted))
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        assert begun == 1
        with self.desk.at_work(folder, "admin", HOLIDAY) as services:
            reporting = services.reporting
            assert reporting is not None
            batches = reporting.list_batches()
            assert len(batches) == entries(services, "seal_batch") <= 1
            assert not acknowledged or [one.state for one in batches] == ["receipted"]
            batch = batches[0].id if batches else reporting.seal().batch
            outcome = reporting.push(batch)
            assert (outcome.sent, outcome.accepted, outcome.rejected) == (RECORDS, RECORDS, 0)
            self.there.check_same(services)
            assert [(one.state, one.accepted) for one in reporting.list_batches()] == [("receipted", RECORDS)]
            synced = reporting.sync()
            assert synced.pushed == ()
            self.there.check_same(services)
            check_sound_as_office(self.desk, services)


@dataclass(frozen=True)
class Fetching(Pulling):
    """Many published versions come in, twenty a transaction."""

    stages: ClassVar[tuple[str, ...]] = stages("cursor")
    look: ClassVar[Look] = Look()

    def work(self, folder: Path, tell: Teller) -> None:
        with watched(tell):
            super().work(folder, tell)
