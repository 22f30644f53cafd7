"""政策参数 in a real store: as of the day of the act, owner first, history, withdrawing, files; the 试点 table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop_app.domain.calendar import is_working_day
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.listings.policies import ValueState
from desktop_app.domain.pilots import Standing, pilots
from desktop_app.domain.policy_changes import Effect
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.domain.policy_subjects import holiday_years
from desktop_app.services.container import Services
from desktop_app.store.queries import policies
from desktop_app.store.state_hash import state_hash
from tests.factories.profiles import ADMIN, open_desk, quick_folder

DOCUMENT = "武人社〔2021〕5号"
NEW_YEAR = date(2021, 1, 1)


@pytest.fixture
def services() -> Iterator[Services]:
    """The administrator's services on 2020-12-28."""
    with quick_folder() as folder, open_desk(folder / "profile", ADMIN) as desk:
        yield desk.services


def class_size(value: object = 40, **fields: object) -> PolicyParameter:
    return PolicyParameter("class_size", value, **{"since": NEW_YEAR, **fields})


def digest(services: Services) -> str:
    with services.context.read() as sql:
        return state_hash(sql).digest


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_value_governs_from_its_first_day_on(services):
    services.policies.set_value(class_size())
    book = services.policies.book()
    assert book.get("class_size", date(2020, 12, 31)).value == 50
    assert book.get("class_size", NEW_YEAR).value == 40
    assert not book.get("class_size", NEW_YEAR).blocks


def test_a_document_turns_advice_into_a_bound_and_it_is_said_before(services):
    said = services.policies.effect(class_size(document=DOCUMENT))
    assert (said.effect, said.before.value, said.after.value) == (Effect.BINDS, 50, 40)
    assert services.policies.book().get("class_size", NEW_YEAR).value == 50
    assert services.policies.set_value(class_size(document=DOCUMENT)).effect is Effect.BINDS
    assert services.policies.book().get("class_size", NEW_YEAR).blocks
    assert services.policies.set_value(class_size(30, document="另一文号")).effect is Effect.STILL_BINDS


def test_what_a_document_binds_is_not_loosened_without_one(services):
    before = digest(services)
    value = PolicyParameter("graduate_years", 3, since=NEW_YEAR)
    with pytest.raises(AppError) as refused:
        services.policies.set_value(value)
    assert refused.value.code == "DOCUMENT_NEEDED"
    assert digest(services) == before


@pytest.mark.parametrize(
    ("value", "field", "code"),
    [
        (class_size(until=date(2020, 12, 31)), "until", "DATES_REVERSED"),
        (class_size(until=NEW_YEAR), "", ""),
        (class_size(since=None), "since", "SINCE_MISSING"),
        (class_size(since=date(1999, 12, 31)), "since", "SINCE_UNLIKELY"),
        (class_size(0), "value", "PARAMETER_RANGE"),
        (class_size(501), "value", "PARAMETER_RANGE"),
        (class_size(500), "", ""),
        (class_size("50"), "value", "PARAMETER_VALUE"),
        (class_size(True), "value", "PARAMETER_VALUE"),
        (class_size(None), "value", "PARAMETER_VALUE"),
        (class_size(document="  "), "document", "DOCUMENT_BLANK"),
        (class_size(region="429000"), "region", "REGION_UNKNOWN"),
        (class_size(region="429004"), "", ""),
        (class_size(channel="gold"), "channel", "CHANNEL_UNKNOWN"),
        (PolicyParameter("colour", 1, since=NEW_YEAR), "parameter", "PARAMETER_UNKNOWN"),
        (PolicyParameter("channel:pilots", "none", since=NEW_YEAR), "parameter", "PARAMETER_SUBJECT"),
        (
            PolicyParameter("performance_ratio", 4001, since=NEW_YEAR, document="x"),
            "value",
            "PARAMETER_RANGE",
        ),
        (PolicyParameter("performance_ratio", 4000, since=NEW_YEAR, document="x"), "", ""),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(services, value, field, code):
    before = digest(services)
    if not code:
        services.policies.set_value(value)
        assert digest(services) != before
        return
    with pytest.raises(FieldErrors) as refused:
        services.policies.set_value(value)
    assert {name: error.code for name, error in refused.value.fields.items()} == {field: code}
    assert digest(services) == before


def test_a_withdrawn_value_stays_in_the_history_with_reason_and_person(services):
    services.policies.set_value(class_size(document=DOCUMENT), "按文件")
    own = class_size(owner=Owner.INSTITUTION)
    assert services.policies.withdraw(own, "文件废止").effect is Effect.LOOSENS
    assert services.policies.book().get("class_size", NEW_YEAR).value == 50
    newest, shipped = services.policies.history("class_size")
    assert (newest.state, newest.reason, newest.text) == (ValueState.WITHDRAWN, "文件废止", "40")
    assert newest.user
    assert (shipped.state, shipped.at) == (ValueState.GOVERNS, None)
    services.history.undo()
    assert services.policies.book().get("class_size", NEW_YEAR).value == 40


def test_only_the_institutions_own_values_can_be_withdrawn(services):
    for owner in (Owner.SHIPPED, Owner.PLATFORM):
        with pytest.raises(AppError) as refused:
            services.policies.withdraw(class_size(owner=owner), "不要")
        assert refused.value.code == "POLICY_VALUE_NOT_OURS"
    with pytest.raises(AppError) as refused:
        services.policies.withdraw(class_size(owner=Owner.INSTITUTION), "不要")
    assert refused.value.code == "POLICY_VALUE_UNKNOWN"
    with pytest.raises(AppError) as refused:
        services.policies.withdraw(class_size(owner=Owner.INSTITUTION), " ")
    assert refused.value.code == "REASON_MISSING"


def test_a_list_shows_each_place_once_and_what_is_to_come(services):
    services.policies.set_value(class_size())
    services.policies.set_value(class_size(30, region="429004", document=DOCUMENT))
    services.policies.set_value(class_size(45, since=date(2020, 1, 1)))
    shown = {
        (one.parameter.region, one.parameter.value, one.state, one.later)
        for one in services.policies.list_values()
        if one.parameter.code == "class_size"
    }
    assert shown == {(None, 45, ValueState.GOVERNS, 1), ("429004", 30, ValueState.COMING, 0)}


def test_a_policy_file_is_looked_at_then_taken_in_one_step_and_again_changes_nothing(services, tmp_path):
    file = written(
        tmp_path,
        {
            "document": DOCUMENT,
            "from": "2021-01-01",
            "parameters": [
                {"code": "class_size", "value": 40},
                {"code": "channel:employee", "value": "enterprise", "region": "429004"},
                {"code": "holidays:2099", "value": {"off": {"元旦": ["01-01"]}, "work": ["01-04"]}},
            ],
            "pilots": [{"school": "江城学院", "certificate": "新能源汽车", "level": "x2", "batch": "第三批"}],
        },
    )
    before = digest(services)
    seen = services.policies.look_at_file(file)
    assert digest(services) == before
    assert [(one.parameter.code, one.effect) for one in seen.changes] == [
        ("class_size", Effect.BINDS),
        ("channel:employee", Effect.BINDS),
        ("holidays:2099", Effect.BINDS),
    ]
    assert services.policies.take_file(file) == seen
    again = services.policies.take_file(file)
    assert (again.changes, again.same, again.pilots) == ((), 3, 0)
    assert not is_working_day(date(2099, 1, 1), holiday_years(services.policies.book())).is_working
    assert is_working_day(date(2099, 1, 4), holiday_years(services.policies.book())).certain
    assert digest(services) != before
    services.history.undo()
    assert services.policies.book().records == ()
    assert services.policies.list_pilots() == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"code": "class_size", "value": 40, "from": "2021-02-30"}, "POLICY_FIELD_WRONG"),
        ({"code": "class_size", "value": "many"}, "PARAMETER_VALUE"),
        ({"code": "class_size"}, "POLICY_FIELD_MISSING"),
        ({"code": "class_size", "value": 40, "colour": "red"}, "POLICY_FIELD_UNKNOWN"),
        ({"code": "graduate_years", "value": 3}, "DOCUMENT_NEEDED"),
        ({"code": "holidays:2099", "value": {"off": {"元旦": ["02-30"]}}}, "HOLIDAYS_WRONG"),
        (
            {"code": "holidays:2099", "value": {"off": {"元旦": ["01-01"]}, "work": ["01-05"]}},
            "HOLIDAYS_WRONG",
        ),
        ("class_size", "POLICY_FIELD_MISSING"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(services, tmp_path, row, code):
    content = {"from": "2021-01-01", "parameters": [{"code": "late_add_days", "value": 3}, row]}
    file = written(tmp_path, content)
    before = digest(services)
    problems = services.policies.look_at_file(file).problems
    assert [(part, number, error.code) for part, number, error in problems] == [("parameters", 2, code)]
    with pytest.raises(AppError) as refused:
        services.policies.take_file(file)
    assert refused.value.code == "POLICY_FILE_WRONG"
    assert digest(services) == before


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[1]", b"{", b'{"parameters": 3}'])
def test_a_file_that_is_none_is_refused(services, tmp_path, data):
    file = tmp_path / "policy.json"
    file.write_bytes(data)
    with pytest.raises(AppError) as refused:
        services.policies.look_at_file(file)
    assert refused.value.code == "POLICY_FILE_UNREADABLE"


def test_good_rows_of_a_pilot_table_are_taken_and_bad_ones_named(services, tmp_path):
    file = tmp_path / "pilots.csv"
    file.write_text(
        "湖北省1+X证书制度试点院校名单,,,,\n"
        "院校名称,证书名称,级别,批次,公布日期\n"
        "江城学院,新能源汽车,中级,第三批,2020-03-16\n"
        "江城学院 ,新能源汽车,中级,第三批,2020-03-16\n"
        "峡江学院,新能源汽车,特级,第三批,2020-03-16\n"
        ",新能源汽车,中级,第三批,2020-03-16\n"
        "汉水学院,新能源汽车,,第三批,三月\n",
        encoding="utf-8",
    )
    found = services.policies.take_pilots(file)
    assert (found.rows, found.new, found.same) == (5, 1, 1)
    assert [(row, error.code) for row, error in found.problems] == [
        (5, "PILOT_LEVEL_UNKNOWN"),
        (6, "POLICY_FIELD_MISSING"),
        (7, "DATE_UNREADABLE"),
    ]
    with services.context.read() as sql:
        table = policies.pilot_table(sql)
    day = date(2020, 11, 2)
    assert pilots(table, "江城学院", "新能源汽车", "x2", day).standing is Standing.LISTED
    assert pilots(table, "峡江学院", "新能源汽车", "x2", day).standing is Standing.NOT_LISTED
    assert pilots(table, "江城学院", "新能源汽车", "x3", day).standing is Standing.NOT_LISTED
    assert pilots(table, "江城学院", "新能源汽车", "x2", date(2020, 3, 15)).standing is Standing.UNKNOWN
    assert pilots(table, "江城学院", "新能源汽车", "x2", date(2020, 3, 16)).standing is Standing.LISTED
    assert pilots(table, "江城学院", "电工", "x2", day).standing is Standing.UNKNOWN


def test_a_table_without_its_columns_is_refused(services, tmp_path):
    file = tmp_path / "pilots.csv"
    file.write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    with pytest.raises(AppError) as refused:
        services.policies.take_pilots(file)
    assert refused.value.code == "PILOT_COLUMNS_MISSING"
