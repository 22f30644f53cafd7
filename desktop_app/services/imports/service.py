"""Excel in: plan an import (dry run), apply it as it was shown, write the bad rows back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind, field_names
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.imports.attendance import plan_attendance
from desktop_app.services.imports.certificates import plan_certificates
from desktop_app.services.imports.employment import plan_employment
from desktop_app.services.imports.job import Job, remember
from desktop_app.services.imports.plan import ImportOptions, ImportPlan, ImportResult
from desktop_app.services.imports.roster import plan_roster
from desktop_app.services.imports.scores import plan_scores
from desktop_app.services.imports.timetable import plan_timetable
from desktop_app.services.ports import CancelToken, NeverCancelled, Progress, no_progress
from desktop_app.store.evidence_files import digest_of
from desktop_app.store.unit_of_work import UnitOfWork

_PLANNERS: dict[WorkbookKind, Callable[[Job], ImportPlan]] = {
    WorkbookKind.ROSTER: plan_roster,
    WorkbookKind.TIMETABLE: plan_timetable,
    WorkbookKind.ATTENDANCE: plan_attendance,
    WorkbookKind.SCORES: plan_scores,
    WorkbookKind.CERTIFICATES: plan_certificates,
    WorkbookKind.EMPLOYMENT: plan_employment,
}


class ImportService(Service):
    """导入: one plan, one command, one journal entry; one undo takes the whole import back."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def plan(
        self,
        kind: WorkbookKind,
        path: Path,
        class_code: str | None = None,
        options: ImportOptions | None = None,
        *,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> ImportPlan:
        """Read and check a workbook without changing anything.

        A roster may come without a class (people only), or with the code of one that it creates; the others need a
        class that is there. Raises AppError NOT_PERMITTED, CLASS_UNKNOWN, NOT_YOUR_CLASS, CANCELLED, what the readers
        raise (WORKBOOK_*, HEADER_NOT_FOUND, SHEET_NOT_FOUND, MAPPING_INVALID) and what the planner of the kind raises.
        """
        chosen = options or ImportOptions()
        own = kind is WorkbookKind.SCORES and chosen.kind is not AssessmentKind.LEVEL
        self.context.require("enter_scores" if own else f"import_{kind.value}")
        job = Job(self.context, kind, path, class_code, chosen, progress, cancel or NeverCancelled())
        return _PLANNERS[kind](job)

    def apply(self, plan: ImportPlan) -> ImportResult:
        """Write what a plan says, in one journal entry; a file of results is kept before anything is written (四.3).

        Raises AppError IMPORT_OUTDATED where the ground of the plan or the file has changed since, EVIDENCE_FILE_*.
        """
        if plan.kept is not None:
            self._keep(plan, plan.kept)
        commands: dict[str, Callable[[ImportPlan], None]] = {
            "import_roster": self._roster,
            "import_timetable": self._timetable,
            "import_attendance": self._attendance,
            "import_scores": self._scores,
            "import_certificates": self._certificates,
            "import_employment": self._employment,
            "enter_scores": self._own_scores,
        }
        commands[plan.command](plan)
        return ImportResult(plan, applied=True)

    def _keep(self, plan: ImportPlan, digest: bytes) -> None:
        content = read_file(plan.path)
        if digest_of(content) != digest:
            raise AppError("IMPORT_OUTDATED", file=plan.path.name)
        self._evidence.files.put(content)

    def write_errors(self, plan: ImportPlan, target: Path) -> Path:
        """Write the workbook back with every problem coloured and commented; AppError TARGET_NOT_WRITABLE."""
        from desktop_app.excel.error_workbook import write_error_workbook  # noqa: PLC0415 - loads XlsxWriter

        return write_error_workbook(plan.path, target, plan.problems)

    def fields(self, kind: WorkbookKind) -> tuple[str, ...]:
        """Return the fields that a column of such a workbook may be mapped to."""
        return field_names(kind)

    @command("import_roster")
    def _roster(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("import_timetable")
    def _timetable(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("import_attendance")
    def _attendance(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("import_scores")
    def _scores(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("import_certificates")
    def _certificates(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("import_employment")
    def _employment(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)

    @command("enter_scores")
    def _own_scores(self, work: UnitOfWork, plan: ImportPlan) -> None:
        _write(work, plan)


def _write(work: UnitOfWork, plan: ImportPlan) -> None:
    """Write a plan within its command; the entry's reason is what was given, and the name of the file."""
    if plan.reload(work.sql) != plan.relied_on:
        raise AppError("IMPORT_OUTDATED", file=plan.path.name)
    given = plan.options.reason.strip()
    work.reason = f"{given} · {plan.path.name}" if given else plan.path.name
    for entity, rows in plan.writes:
        work.put_many(entity, rows)
    remember(work.sql, plan.kind, plan.signature, plan.options)
