"""What 督导, early warnings and claims bring to the 工作台 (六.3; R31, R32, R35, R38): each line opens its list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_app.domain.listings.claims import ClaimWaiting
from desktop_app.domain.money import format_fen
from desktop_app.services.supervision import Concerns
from ui.i18n import tr
from ui.messages import describe
from ui.pages.dashboard.rows import Line
from ui.wording import day_text

SHOWN = 3
_WIDTH = 112


def concern_lines(found: Concerns, navigate: Callable[..., object]) -> list[QWidget]:
    """Return overdue orders, open flags and rates below their line, the hardest first."""
    lines: list[QWidget] = [
        Line(
            "" if one.event.deadline is None else day_text(one.event.deadline, weekday=False),
            tr("dashboard.order_overdue", document=one.event.document),
            one.event.requirement,
            tone="wrong",
            action=tr("dashboard.look"),
            run=partial(navigate, "supervision", order_id=one.event.id),
            first_width=_WIDTH,
        )
        for one in found.overdue
    ]
    for count, key, tone in ((found.blocking, "blocking", "wrong"), (found.hints, "hints", "waiting")):
        if count:
            lines.append(
                Line(
                    tr("dashboard.number", count=count),
                    tr(f"dashboard.flags_{key}"),
                    tr(f"dashboard.flags_{key}_detail"),
                    tone=tone,
                    action=tr("dashboard.look"),
                    run=partial(navigate, "supervision", tab="flags"),
                    first_width=_WIDTH,
                )
            )
    for one in found.warnings[:SHOWN]:
        told = describe(one.error)
        lines.append(
            Line(
                tr("dashboard.warning"),
                told.text,
                told.hint,
                tone="waiting",
                action=tr("dashboard.look"),
                run=partial(navigate, "statistics"),
                first_width=_WIDTH,
            )
        )
    if len(found.warnings) > SHOWN:
        lines.append(
            Line("", tr("dashboard.more_warnings", count=len(found.warnings) - SHOWN), first_width=_WIDTH)
        )
    return lines


def claim_lines(found: Sequence[ClaimWaiting], navigate: Callable[..., object], today: date) -> list[QWidget]:
    """Return the claims whose next step is the user's, the longest waiting first, and those that must be made soon."""
    return [
        Line(
            day_text(one.since, weekday=False),
            tr(f"claims.waiting.{one.kind}", code=one.class_code, count=one.people),
            tr("claims.waiting.amount", amount=format_fen(one.fen))
            if one.fen
            else tr("claims.waiting.due_detail"),
            tone="wrong"
            if one.kind == "not_taken" or (one.kind == "due" and one.since < today)
            else "waiting",
            action=tr("dashboard.open"),
            run=partial(navigate, "class", class_id=one.class_id, tab="claims"),
            first_width=_WIDTH,
        )
        for one in found
    ]
