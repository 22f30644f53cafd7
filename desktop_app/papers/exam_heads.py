"""What 准考证 and 考场签到表 say above their tables."""

from __future__ import annotations

import resources
from desktop_app.domain.papers import ExamSitting, PaperHead
from desktop_app.papers.layout import class_meta


def exam_title(kind: str, sitting: ExamSitting) -> str:
    """Return the title of a paper of an exam, that of a 补考 where it is one."""
    title = resources.text(f"papers.title.{kind}")
    return resources.text("papers.title.resit", title=title) if sitting.resit else title


def exam_meta(head: PaperHead, sitting: ExamSitting, people: int) -> tuple[str, ...]:
    """Return the phrases that name class, day, place and organisation."""
    named = (
        ("exam_time", exam_time(sitting)),
        ("place", sitting.place),
        ("evaluator", sitting.organisation),
    )
    phrases = [resources.text(f"papers.meta.{key}", value=value) for key, value in named if value]
    return (*class_meta(head), *phrases, resources.text("papers.meta.people", count=people))


def exam_time(sitting: ExamSitting) -> str:
    """Return day and hour of an exam, e.g. 2020-12-02 09:30."""
    day = "" if sitting.held_on is None else sitting.held_on.isoformat()
    return " ".join(part for part in (day, sitting.starts_at) if part)
