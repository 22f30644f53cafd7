"""Print-ready papers: one module a paper, ``PAPERS`` names them all.

Excel writers of the same contents stand in ``desktop_app.excel.paper_workbooks``; a service joins the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO, cast

from desktop_app.domain import papers as contents
from desktop_app.domain.papers import archives, claims, figures, follow_ups, lists, registrations, signed

PDF, XLSX = "pdf", "xlsx"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper: its code, the key of its title, the content it prints, the module that prints it, its formats."""

    kind: str
    title_key: str
    content: type[Any]
    module: str
    formats: tuple[str, ...] = (PDF, XLSX)

    def build(self, target: BinaryIO, content: Any) -> contents.PaperResult:  # noqa: ANN401 - of ``content``'s type
        """Print a content as PDF; reportlab is loaded with the first one, for 25 MB that most days need not hold."""
        made = import_module(f"desktop_app.papers.{self.module}").build(target, content)
        return cast("contents.PaperResult", made)


def _kind(content: type[Any], module: str, *formats: str) -> tuple[str, PaperKind]:
    code: str = content.kind
    return code, PaperKind(code, f"papers.title.{code}", content, module, formats)


PAPERS: dict[str, PaperKind] = dict(
    (
        _kind(contents.OpeningApplication, "opening", PDF, XLSX),
        _kind(contents.Roster, "roster", PDF, XLSX),
        _kind(registrations.Registrations, "registration", PDF, XLSX),
        _kind(signed.Agreements, "signed", PDF),
        _kind(signed.Commitments, "signed", PDF),
        _kind(contents.Timetable, "timetable", PDF, XLSX),
        _kind(contents.TimetableChanges, "changes", PDF, XLSX),
        _kind(contents.SignIn, "sign_in", PDF, XLSX),
        _kind(contents.Attendance, "attendance", PDF, XLSX),
        _kind(contents.DepartureSlips, "departures", PDF, XLSX),
        _kind(contents.AdmissionTickets, "tickets", PDF),
        _kind(contents.ExamSignIn, "exam_sign_in", PDF),
        _kind(contents.ScoreRegister, "scores", PDF, XLSX),
        _kind(contents.CertificateRegister, "certificates", PDF, XLSX),
        _kind(contents.CompletionRegister, "completion", PDF, XLSX),
    )
)
"""Papers of a class."""
INSTITUTION_PAPERS: dict[str, PaperKind] = dict(
    (
        _kind(contents.TalentTable, "talent", PDF, XLSX),
        _kind(figures.StatisticsTable, "figures", PDF, XLSX),
        _kind(figures.TeacherHoursTable, "figures", PDF, XLSX),
        _kind(figures.AnnualTable, "figures", PDF, XLSX),
        _kind(figures.PoolTable, "figures", PDF, XLSX),
        _kind(figures.MondayTable, "figures", PDF, XLSX),
        _kind(claims.ClaimSummary, "figures", PDF, XLSX),
        _kind(claims.ClaimPeople, "figures", PDF, XLSX),
        _kind(claims.ClaimNoticeTable, "figures", PDF, XLSX),
        _kind(claims.ClaimLacks, "figures", PDF, XLSX),
        _kind(claims.PackContents, "figures", PDF),
        _kind(archives.ArchiveContents, "figures", PDF),
        _kind(archives.Corrections, "figures", PDF, XLSX),
        _kind(figures.ErasureTable, "figures", PDF),
        _kind(figures.PersonTable, "figures", PDF, XLSX),
        _kind(lists.CatalogueTable, "figures", PDF, XLSX),
        _kind(lists.UnmetTable, "figures", PDF, XLSX),
        _kind(follow_ups.EmploymentTable, "figures", PDF, XLSX),
        _kind(follow_ups.RectificationTable, "figures", PDF, XLSX),
    )
)
"""Papers of the institution: no class stands in their heads."""
