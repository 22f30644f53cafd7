"""Print-ready papers: one module a paper, ``PAPERS`` names them all.

Excel writers of the same contents stand in ``desktop_app.excel.paper_workbooks``; a service joins the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from desktop_app.domain import papers as contents
from desktop_app.papers import attendance, certificates, changes, roster, scores, sign_in, timetable

PDF, XLSX = "pdf", "xlsx"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper: its code, the key of its title, the content it prints, its PDF builder, the formats there are."""

    kind: str
    title_key: str
    content: type[Any]
    build: Callable[[BinaryIO, Any], contents.PaperResult]
    formats: tuple[str, ...] = (PDF, XLSX)


def _kind(
    content: type[Any], build: Callable[[BinaryIO, Any], contents.PaperResult], *formats: str
) -> tuple[str, PaperKind]:
    code: str = content.kind
    return code, PaperKind(code, f"papers.title.{code}", content, build, formats)


PAPERS: dict[str, PaperKind] = dict(
    (
        _kind(contents.Roster, roster.build, PDF, XLSX),
        _kind(contents.Timetable, timetable.build, PDF, XLSX),
        _kind(contents.TimetableChanges, changes.build, PDF, XLSX),
        _kind(contents.SignIn, sign_in.build, PDF),
        _kind(contents.Attendance, attendance.build, PDF, XLSX),
        _kind(contents.ScoreRegister, scores.build, PDF, XLSX),
        _kind(contents.CertificateRegister, certificates.build, PDF, XLSX),
    )
)
