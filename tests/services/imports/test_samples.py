"""The twelve sample workbooks through the real store: counted facts, again, back and forth."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.attendance import CountedSession, tally
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import DateSource, ImportOptions, ImportResult, RowState
from tests.factories.profiles import ADMIN, OFFICE, open_desk
from tests.factories.workbooks import ELECTRICIANS, SAMPLES, STUDENTS, WELDERS, Sample

EXAM = ImportOptions(held_on=date(2020, 12, 12), organisation="湖北省机械行业职业技能评价中心")
STEPS = (
    (WorkbookKind.ROSTER, "花名册", None),
    (WorkbookKind.TIMETABLE, "课程表", None),
    (WorkbookKind.ATTENDANCE, "考勤表", None),
    (WorkbookKind.SCORES, "成绩", EXAM),
)


def import_all(services, sample: Sample):
    """Import all four workbooks of a class; return the plans."""
    plans = []
    for kind, name, options in STEPS:
        plan = services.imports.plan(kind, sample.file(name), sample.code, options)
        services.imports.apply(plan)
        plans.append(plan)
    return plans


def counts(plan):
    return tuple(plan.count(state) for state in RowState)


def rates_below_limit(services, sample):
    sheet = services.attendance.sheet(services.classes.class_by_code(sample.code).id)
    sessions = [CountedSession(item.id, item.held_on, item.hours) for item in sheet.sessions]
    found = []
    for member in sheet.members:
        marks = {
            session.id: sheet.marks[session.id, member.trainee_id].mark
            for session in sheet.sessions
            if (session.id, member.trainee_id) in sheet.marks
        }
        if not tally(sessions, marks, member.periods).subsidy_rate.reaches(8000):
            found.append(member.name)
    return found


def test_the_samples_come_to_the_counted_facts(desk):
    below = []
    for sample in SAMPLES:
        roster, timetable, attendance, scores = import_all(desk.services, sample)
        assert counts(roster) == (sample.people, 0, 0, 0)
        assert counts(timetable) == (15, 0, 0, 0)
        assert counts(attendance) == (sample.people, 0, 0, 0)
        assert counts(scores) == (sample.people, 0, 0, 0)
        assert (attendance.facts.stated, attendance.facts.counted) == (sample.attended, sample.attended)
        assert scores.facts.passed == sample.passed
        found = desk.services.classes.class_by_code(sample.code)
        assert (found.people, found.sessions, found.hours) == (sample.people, 15, 60)
        sheet = desk.services.attendance.sheet(found.id)
        attended = [m for m in sheet.marks.values() if m.mark.status.value in {"present", "late", "early"}]
        assert (len(sheet.marks), len(attended)) == (sample.people * 15, sample.attended)
        (assessment,) = desk.services.assessments.list_assessments(found.id)
        rows = desk.services.assessments.sheet(assessment.id).rows
        assert sum(row.conclusion == "passed" for row in rows) == sample.passed
        absent = [s for row in rows for s in row.scores.values() if s.state == "absent"]
        assert len(absent) == 4
        assert (assessment.kind, assessment.held_on) == ("level", date(2020, 12, 12))
        below += rates_below_limit(desk.services, sample)
    assert sorted(below) == sorted(["姚佳", "戚晨雨", "秦欣鹏"])
    names = [m.name for m in desk.services.classes.list_members(found.id)]
    assert names.count("卢军") == 2
    desk.sit(ADMIN)
    assert desk.services.history.verify().ok


def test_the_two_past_retirement_are_warned_of_and_imported(desk):
    warned = []
    for sample in SAMPLES:
        plan = desk.services.imports.plan(WorkbookKind.ROSTER, sample.file("花名册"), sample.code)
        rows = {problem.row for problem in plan.warnings if problem.code == "AGE_OVER_RETIREMENT"}
        warned += [row.label for row in plan.rows if row.row in rows]
        assert plan.count(RowState.BAD) == 0
    assert sorted(warned) == sorted(["万丽", "金俊玲"])


def test_a_dry_run_changes_nothing_and_says_what_applying_then_does(desk):
    services = desk.services
    before = services.history.state_hash()
    for kind, name, options in STEPS:
        dry = services.imports.plan(kind, WELDERS.file(name), WELDERS.code, options)
        assert services.history.state_hash() == before
        with desk.services.context.read() as sql:
            assert sql.exec_driver_sql("SELECT count(*) FROM setting WHERE key LIKE 'import.%'").scalar() == 0
        done = services.imports.apply(services.imports.plan(kind, WELDERS.file(name), WELDERS.code, options))
        assert done.to_json() == ImportResult(dry, applied=False).to_json()
        before = services.history.state_hash()


def test_importing_again_finds_everything_the_same_and_writes_no_entry(desk):
    import_all(desk.services, WELDERS)
    before = desk.services.history.state_hash()
    for plan in import_all(desk.services, WELDERS):
        assert plan.count(RowState.SAME) == len(plan.rows)
        assert not plan.writes_anything
    assert desk.services.history.state_hash() == before


def test_one_undo_takes_an_import_back_and_redo_brings_it_again(desk):
    services = desk.services
    import_all(services, STUDENTS)
    for kind, name, options in STEPS:
        before = services.history.state_hash(values=True)
        services.imports.apply(services.imports.plan(kind, WELDERS.file(name), WELDERS.code, options))
        after = services.history.state_hash(values=True)
        assert after != before
        services.history.undo()
        assert services.history.state_hash(values=True) == before
        services.history.redo()
        assert services.history.state_hash(values=True) == after


def test_each_import_is_one_entry_named_after_its_file(desk):
    import_all(desk.services, ELECTRICIANS)
    desk.sit(ADMIN)
    entries = [item for item in desk.services.history.list_journal() if item.command.startswith("import_")]
    assert [item.command for item in entries] == [f"import_{kind.value}" for kind, _, _ in reversed(STEPS)]
    assert entries[-1].reason == ELECTRICIANS.file("花名册").name


def test_the_enrolment_date_comes_from_the_sheet(desk):
    plan = desk.services.imports.plan(WorkbookKind.ROSTER, WELDERS.file("花名册"), WELDERS.code)
    assert plan.facts.enrolled_on == date(2020, 11, 2)
    assert plan.facts.enrolled_from is DateSource.FILLED_ON
    assert plan.facts.creates_class


def test_a_roster_without_a_class_brings_people_only(desk):
    plan = desk.services.imports.plan(WorkbookKind.ROSTER, WELDERS.file("花名册"))
    desk.services.imports.apply(plan)
    assert len(desk.services.trainees.list_trainees()) == 48
    assert desk.services.classes.list_classes() == []
    enrolled = desk.services.imports.plan(WorkbookKind.ROSTER, WELDERS.file("花名册"), WELDERS.code)
    assert counts(enrolled) == (48, 0, 0, 0)
    desk.services.imports.apply(enrolled)
    assert len(desk.services.trainees.list_trainees()) == 48


def test_people_of_one_class_are_found_again_in_another(desk):
    import_all(desk.services, WELDERS)
    plan = desk.services.imports.plan(WorkbookKind.ROSTER, WELDERS.file("花名册"), "焊工2020-04班")
    desk.services.imports.apply(plan)
    assert counts(plan) == (48, 0, 0, 0)
    assert len(desk.services.trainees.list_trainees()) == 48
    assert desk.services.trainees.list_trainees("卢军")[0].classes == ("焊工2020-03班", "焊工2020-04班")


def test_whoever_was_enrolled_before_the_class_had_dates_belongs_to_it_from_its_start(tmp_path):
    with open_desk(tmp_path / "profile", OFFICE, date(2020, 12, 28)) as desk:
        # the roster's own date would be before the first session; without it the day of the import is after the last
        rows = list(_roster_without_date(tmp_path))
        assert rows
        services = desk.services
        plan = services.imports.plan(WorkbookKind.ROSTER, tmp_path / "roster.csv", WELDERS.code)
        assert plan.facts.enrolled_from is DateSource.TODAY
        services.imports.apply(plan)
        services.imports.apply(
            services.imports.plan(WorkbookKind.TIMETABLE, WELDERS.file("课程表"), WELDERS.code)
        )
        attendance = services.imports.plan(WorkbookKind.ATTENDANCE, WELDERS.file("考勤表"), WELDERS.code)
        assert counts(attendance) == (48, 0, 0, 0)


def _roster_without_date(folder):
    from tests.factories.workbooks import sheet_rows, write_csv

    rows = sheet_rows(WELDERS.file("花名册"))[2:]
    write_csv(folder / "roster.csv", rows)
    return rows


@pytest.mark.parametrize("kind", [kind for kind, _, _ in STEPS if kind is not WorkbookKind.ROSTER])
def test_what_has_no_class_yet_is_refused(desk, kind):
    from desktop_app.domain.errors import AppError

    name = {k: n for k, n, _ in STEPS}[kind]
    with pytest.raises(AppError) as caught:
        desk.services.imports.plan(kind, WELDERS.file(name), WELDERS.code)
    assert caught.value.code == "CLASS_UNKNOWN"
