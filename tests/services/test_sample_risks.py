"""The three sample classes, keyed from signed sheets with their scans: nothing blocks, every hint has its why."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.ids import IdSource
from desktop_app.domain.records import ATTACHMENT
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import ImportOptions
from tests.factories.profiles import open_desk, quick_folder
from tests.factories.workbooks import SAMPLES

JUSTIFIED: dict[str, str] = {}
"""Kind of hint → why an honest class raises it; the samples raise none."""


@pytest.fixture
def services():
    with quick_folder() as folder, open_desk(folder / "profile", day=date(2020, 12, 28)) as desk:
        yield desk.services


def attach_sheets(services):
    """Attach a scan of the signed sheet to every session, as a bulk import of evidence does."""
    ids = IdSource(services.context.clock)
    with services.context.unit_of_work("import_evidence") as work:
        for one in services.classes.list_sessions():
            scan = {"owner": "session", "owner_key": one.id, "kind": "sign_in", "digest": one.id * 2}
            work.put(ATTACHMENT, ids.new(), scan)


def take(services, kind, sample, word):
    planned = services.imports.plan(kind, sample.file(word), sample.code, ImportOptions())
    services.imports.apply(planned)


def test_the_sample_classes_with_their_scans_raise_nothing_that_blocks(services):
    for sample in SAMPLES:
        services.classes.create_class(sample.code, start_on=date(2020, 11, 9))
        take(services, WorkbookKind.ROSTER, sample, "花名册")
        take(services, WorkbookKind.TIMETABLE, sample, "课程表")
    attach_sheets(services)
    for sample in SAMPLES:
        take(services, WorkbookKind.ATTENDANCE, sample, "考勤表")
        take(services, WorkbookKind.SCORES, sample, "成绩")
    assert sum(len(services.attendance.sheet(one.id).marks) for one in services.classes.list_classes()) > 2000
    found = services.risks.flags()
    assert [one.facts for one in found if one.blocks] == []
    assert {one.kind for one in found} == set(JUSTIFIED)


def test_the_same_classes_without_a_sheet_must_explain_themselves(services):
    sample = SAMPLES[0]
    services.classes.create_class(sample.code, start_on=date(2020, 11, 9))
    take(services, WorkbookKind.ROSTER, sample, "花名册")
    take(services, WorkbookKind.TIMETABLE, sample, "课程表")
    take(services, WorkbookKind.ATTENDANCE, sample, "考勤表")
    assert [one.kind for one in services.risks.flags()] == ["keyed_after"]
