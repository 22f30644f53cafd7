"""Attendance sheets: same names asked, blanks asked, never for people or sessions that are not there."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.services.attendance import NewMark
from desktop_app.services.imports.plan import BlankMeaning, ImportOptions, Question, RowState
from tests.factories.profiles import OFFICE, TEACHER, TEACHER_NAME, open_desk
from tests.factories.workbooks import STUDENTS, WELDERS, sheet_rows, write_csv


def take_in(desk, sample):
    """Roster and timetable of a sample class."""
    for kind, name in ((WorkbookKind.ROSTER, "花名册"), (WorkbookKind.TIMETABLE, "课程表")):
        desk.services.imports.apply(desk.services.imports.plan(kind, sample.file(name), sample.code))
    return desk.services.classes.class_by_code(sample.code).id


@pytest.fixture
def welders(desk):
    return take_in(desk, WELDERS)


def sheet(folder, *, documents=False, change=None, name="attendance.csv"):
    """The welders' sheet as CSV, without document numbers unless asked."""
    rows = [list(row) for row in sheet_rows(WELDERS.file("考勤表"))[2:]]
    if change is not None:
        change(rows)
    if not documents:
        rows = [[*row[:2], *row[3:]] for row in rows]
    return write_csv(folder / name, rows)


def plan(desk, path, code=WELDERS.code, **options):
    return desk.services.imports.plan(WorkbookKind.ATTENDANCE, path, code, ImportOptions(**options))


def counts(planned):
    return {state.value: planned.count(state) for state in RowState if planned.count(state)}


def codes(planned):
    return {problem.code for problem in planned.problems}


def test_the_two_of_one_name_wait_until_the_question_is_answered(desk, welders, tmp_path):
    path = sheet(tmp_path)
    asked = plan(desk, path)
    assert counts(asked) == {"new": 46, "bad": 2}
    assert asked.questions == (Question.SAME_NAME,)
    assert {problem.value for problem in asked.errors} == {"卢军"}
    desk.services.imports.apply(asked)
    by_number = plan(desk, path, same_names=SameNames.NUMBER)
    assert counts(by_number) == {"new": 2, "same": 46}
    desk.services.imports.apply(by_number)
    with_documents = plan(desk, WELDERS.file("考勤表"))
    assert counts(with_documents) == {"same": 48}


def test_skipped_people_of_one_name_are_left_out_with_a_warning(desk, welders, tmp_path):
    planned = plan(desk, sheet(tmp_path), same_names=SameNames.SKIP)
    assert counts(planned) == {"new": 46, "same": 2}
    assert codes(planned) == {"SAME_NAME_SKIPPED"}


def wipe(rows, *cells):
    for row, column in cells:
        rows[row][column] = None


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        (BlankMeaning.PRESENT, MarkStatus.PRESENT),
        (BlankMeaning.ABSENT, MarkStatus.ABSENT),
        (BlankMeaning.UNMARKED, None),
    ],
)
def test_what_a_blank_means_is_asked_and_then_remembered(desk, welders, tmp_path, meaning, expected):
    path = sheet(tmp_path, documents=True, change=lambda rows: wipe(rows, (1, 3), (2, 4)))
    asked = plan(desk, path)
    assert counts(asked) == {"new": 46, "bad": 2}
    assert asked.questions == (Question.BLANK_MEANING,)
    assert [(one.row, one.column) for one in asked.errors] == [(2, "D"), (3, "E")]
    answered = plan(desk, path, blank=meaning)
    assert counts(answered) == {"new": 48}
    assert (answered.facts.blank, answered.facts.blanks) == (meaning, 2)
    desk.services.imports.apply(answered)
    grid = desk.services.attendance.sheet(welders)
    first = grid.members[0].trainee_id
    item = grid.marks.get((grid.sessions[0].id, first))
    assert (None if item is None else item.mark.status) is expected
    next_time = plan(desk, path)
    assert next_time.questions == ()
    assert counts(next_time) == {"same": 48}


def test_without_blanks_nothing_is_asked(desk, welders):
    assert plan(desk, WELDERS.file("考勤表")).questions == ()


def test_an_unknown_sign_keeps_its_row_out(desk, welders, tmp_path):
    path = sheet(tmp_path, documents=True, change=lambda rows: rows[1].__setitem__(5, "？"))
    planned = plan(desk, path)
    assert counts(planned) == {"new": 47, "bad": 1}
    (problem,) = planned.errors
    assert (problem.row, problem.column, problem.value, problem.code) == (2, "F", "？", "MARK_UNKNOWN")


def test_a_column_of_no_session_is_not_read_and_the_rest_is(desk, welders, tmp_path):
    path = sheet(tmp_path, documents=True, change=lambda rows: rows[0].__setitem__(3, "11-22"))
    planned = plan(desk, path)
    assert counts(planned) == {"new": 48}
    assert [problem.code for problem in planned.errors] == ["SESSION_NOT_IN_TIMETABLE"]
    desk.services.imports.apply(planned)
    assert len(desk.services.attendance.sheet(welders).marks) == 48 * 14


def test_somebody_who_is_not_in_the_class_is_bad(desk, welders, tmp_path):
    def rename(rows):
        rows[1][1], rows[1][2] = "李不在", "420106199001010012"

    planned = plan(desk, sheet(tmp_path, documents=True, change=rename))
    assert counts(planned) == {"new": 47, "bad": 1}
    assert "PERSON_NOT_IN_CLASS" in codes(planned)


def test_sessions_to_come_take_no_marks(tmp_path):
    with open_desk(tmp_path / "profile", OFFICE, date(2020, 11, 24)) as desk:
        class_id = take_in(desk, WELDERS)
        planned = plan(desk, WELDERS.file("考勤表"))
        assert counts(planned) == {"new": 48}
        assert [problem.code for problem in planned.errors] == ["SESSION_IN_FUTURE"] * 13
        desk.services.imports.apply(planned)
        assert len(desk.services.attendance.sheet(class_id).marks) == 48 * 2
        desk.set_day(date(2020, 11, 25))
        assert [problem.code for problem in plan(desk, WELDERS.file("考勤表")).errors] == [
            "SESSION_IN_FUTURE"
        ] * 12


def test_marks_before_somebody_joined_are_no_marks(desk, tmp_path):
    rows = [list(row) for row in sheet_rows(WELDERS.file("花名册"))[2:4]]
    path = write_csv(tmp_path / "one.csv", [[*rows[0], "入班日期"], [*rows[1], "2020-11-24"]])
    desk.services.imports.apply(
        desk.services.imports.plan(WorkbookKind.TIMETABLE, WELDERS.file("课程表"), _class(desk))
    )
    desk.services.imports.apply(desk.services.imports.plan(WorkbookKind.ROSTER, path, WELDERS.code))
    one = [list(row) for row in sheet_rows(WELDERS.file("考勤表"))[2:4]]
    typed = plan(desk, write_csv(tmp_path / "typed.csv", one))
    assert counts(typed) == {"bad": 1}
    assert codes(typed) == {"NOT_A_MEMBER"}
    one[1][3] = None
    blank = plan(desk, write_csv(tmp_path / "blank.csv", one))
    assert counts(blank) == {"new": 1}
    assert blank.questions == ()


def _class(desk):
    desk.services.classes.create_class(WELDERS.code)
    return WELDERS.code


def test_lost_hours_typed_by_hand_outlast_the_sheet(desk, welders):
    desk.services.imports.apply(plan(desk, WELDERS.file("考勤表")))
    grid = desk.services.attendance.sheet(welders)
    (session, trainee), _ = next(
        (key, item) for key, item in grid.marks.items() if item.mark.status is MarkStatus.LATE
    )
    desk.services.attendance.mark(
        session, [NewMark(trainee, Mark(MarkStatus.LATE, lost_hours=1))], "与签到表核对"
    )
    assert counts(plan(desk, WELDERS.file("考勤表"))) == {"same": 48}


def test_the_sheet_goes_over_a_mark_that_differs_and_counts_it_changed(desk, welders):
    desk.services.imports.apply(plan(desk, WELDERS.file("考勤表")))
    grid = desk.services.attendance.sheet(welders)
    (session, trainee), _ = next(
        (key, item) for key, item in grid.marks.items() if item.mark.status is MarkStatus.LATE
    )
    desk.services.attendance.mark(session, [NewMark(trainee, Mark(MarkStatus.ABSENT))], "核对")
    assert counts(plan(desk, WELDERS.file("考勤表"), reason="核对")) == {"changed": 1, "same": 47}


def test_a_mark_that_changes_after_its_day_waits_for_the_reason(desk, welders):
    desk.services.imports.apply(plan(desk, WELDERS.file("考勤表")))
    grid = desk.services.attendance.sheet(welders)
    (session, trainee), _ = next(
        (key, item) for key, item in grid.marks.items() if item.mark.status is MarkStatus.LATE
    )
    desk.services.attendance.mark(session, [NewMark(trainee, Mark(MarkStatus.ABSENT))], "核对")
    before = desk.services.history.state_hash()
    waiting = plan(desk, WELDERS.file("考勤表"))
    assert counts(waiting) == {"bad": 1, "same": 47}
    assert waiting.questions == (Question.REASON,)
    (problem,) = waiting.errors
    assert (problem.code, problem.params["before"], problem.params["after"]) == (
        "MARK_REASON_MISSING",
        "×",
        "△",
    )
    desk.services.imports.apply(waiting)
    assert desk.services.history.state_hash() == before
    desk.services.imports.apply(plan(desk, WELDERS.file("考勤表"), reason="签到表为准"))
    latest = desk.services.attendance.history(session, trainee)[0]
    assert latest.after is not None
    assert latest.after.status is MarkStatus.LATE
    assert (latest.source.reason or "").startswith("签到表为准 · ")


def test_the_own_totals_of_the_sheet_are_checked(desk, welders, tmp_path):
    path = sheet(tmp_path, documents=True, change=lambda rows: rows[1].__setitem__(18, 14))
    planned = plan(desk, path)
    assert counts(planned) == {"new": 48}
    (warning,) = planned.warnings
    assert (warning.row, warning.code) == (2, "ATTENDANCE_TOTAL_DIFFERS")
    assert (planned.facts.stated, planned.facts.counted) == (688, 689)


def test_a_teacher_takes_in_only_the_own_sessions(desk):
    take_in(desk, STUDENTS)
    own = sum(
        TEACHER_NAME in item.teachers
        for item in desk.services.classes.list_sessions(desk.services.classes.class_by_code(STUDENTS.code).id)
    )
    assert 0 < own < 15
    desk.sit(TEACHER)
    planned = plan(desk, STUDENTS.file("考勤表"), STUDENTS.code)
    assert [problem.code for problem in planned.errors] == ["NOT_YOUR_SESSION"] * (15 - own)
    desk.services.imports.apply(planned)
    grid = desk.services.attendance.sheet(desk.services.classes.class_by_code(STUDENTS.code).id)
    assert len(grid.marks) == 45 * own


def test_a_mark_that_was_made_meanwhile_outdates_the_plan(desk, welders):
    from desktop_app.domain.errors import AppError

    planned = plan(desk, WELDERS.file("考勤表"))
    session = desk.services.classes.list_sessions(welders)[0]
    desk.services.attendance.mark_class(session.id)
    with pytest.raises(AppError) as caught:
        desk.services.imports.apply(planned)
    assert caught.value.code == "IMPORT_OUTDATED"
