"""A bureau that takes Excel files: the same engine, another adapter; forms are written, nothing is accepted."""

from __future__ import annotations

import json

import msgspec
import openpyxl
import pytest

import resources
from desktop_app.domain.errors import AppError
from desktop_app.services.reporting import Selection
from desktop_app.store import keys
from sync.contract.kinds import FACTS
from sync.contract.records import FIELDS
from sync.reporting import excel_adapter, sealing
from sync.reporting.excel_adapter import folder_of
from tests.sync.reporting.offices import CODE, PEOPLE, with_content


def refused(call, *arguments, **named):
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    return caught.value.code


@pytest.fixture
def forms(desk):
    folder = desk / "报送 表格"
    folder.mkdir()
    return folder


@pytest.fixture
def posting(unjoined, forms):
    """The office that reports into a folder."""
    unjoined.engine.join(forms.as_uri(), "-")
    return unjoined


def rows(path, sheet):
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def states(office):
    return [item.state for item in with_content(office.engine)]


def test_every_report_becomes_a_form_and_nothing_counts_as_accepted(posting, forms):
    outcome = posting.report_all()
    assert (outcome.sent, outcome.accepted, outcome.rejected, outcome.answered) == (26, 0, 0, False)
    files = sorted(forms.iterdir())
    kinds = {one.name.split("_")[1] for one in files}
    assert kinds == {"名册", "课程与考勤", "考核结果", "证书"}
    assert all(one.name.startswith(f"{CODE}_") for one in files)
    (batch,) = posting.engine.list_batches()
    assert (batch.state, batch.problem, batch.accepted) == ("delivered", "BATCH_WITHOUT_RECEIPT", 0)
    assert states(posting) == ["sealed"] * 4
    assert posting.engine.reported_digest().records == {}


def test_a_form_says_what_it_is_and_speaks_in_words(posting, forms):
    posting.report_all()
    (roster,) = forms.glob("*_名册_*")
    about = dict(row for row in rows(roster, "说明") if row[1])
    assert about["承训机构"] == "湖北江城职业技术学院"
    assert (about["报送事项"], about["对象"], about["版次"], about["记录数"]) == ("名册", CODE, "1", "7")
    assert about["演示数据，不作报送依据"] == "是"
    head, *people = rows(roster, "学员")
    assert head[:5] == ["对象", "变动", "姓名", "证件类型", "证件号码"]
    assert {(row[2], row[4]) for row in people} == set(PEOPLE)
    assert {row[1] for row in people} == {"报"}
    (attendance,) = forms.glob("*_课程与考勤_*")
    marks = rows(attendance, "考勤")
    assert [row[0] in {name for name, _ in PEOPLE} for row in marks[1:]] == [True] * 9
    assert {row[2] for row in marks[1:]} == {"到"}
    (scores,) = forms.glob("*_考核结果_*")
    assert {row[3] for row in rows(scores, "成绩")[1:]} == {"合格"}
    assert "理论 成绩 80" in rows(scores, "成绩")[1][2]


def test_nothing_is_sent_twice_unless_asked_for_and_then_the_same_files(posting, forms):
    batch = posting.engine.seal().batch
    assert posting.engine.sync().pushed[0].sent == 26
    names = sorted(one.name for one in forms.iterdir())
    for one in forms.iterdir():
        one.unlink()
    assert posting.engine.sync().pushed == ()
    assert refused(posting.engine.push) == "NOTHING_TO_PUSH"
    assert list(forms.iterdir()) == []
    posting.engine.push(batch)
    assert sorted(one.name for one in forms.iterdir()) == names


def test_what_must_be_sent_again_is_sealed_anew_and_whole_as_the_next_version(posting, forms):
    first = posting.report_all()
    posting.edit(0, {"phone": "13900002222"})
    assert refused(posting.engine.seal) == "NOTHING_TO_SEAL"
    posting.engine.dissolve(first.batch)
    sealed = posting.engine.seal()
    assert {version for _, _, version in sealed.reports} == {2}
    assert sealed.records == 26
    posting.engine.push()
    assert len(list(forms.glob("*_名册_2_*"))) == 1


def test_a_run_that_breaks_off_writes_the_rest_the_next_time(posting, forms, monkeypatch):
    cut = sealing.cut_pages
    monkeypatch.setattr(sealing, "cut_pages", lambda placed, *_: cut(placed, 5))
    posting.engine.seal()
    write, seen = excel_adapter.write_atomically, []

    def full_at_second(path, content):
        seen.append(path)
        if len(seen) == 2:
            raise OSError(28, "full")
        write(path, content)

    monkeypatch.setattr(excel_adapter, "write_atomically", full_at_second)
    assert refused(posting.engine.push) == "DISK_FULL"
    assert [(one.state, one.problem) for one in posting.engine.list_batches()] == [("sending", "DISK_FULL")]
    monkeypatch.setattr(excel_adapter, "write_atomically", keys.write_atomically)
    assert posting.new_process().push().sent == 26
    assert len(list(forms.iterdir())) == 4


def test_a_folder_that_is_away_is_told_and_the_batch_waits(posting, forms):
    posting.engine.seal()
    forms.rename(forms.with_name("away"))
    assert refused(posting.engine.push) == "FORM_FOLDER_MISSING"
    assert [one.state for one in posting.engine.list_batches()] == ["sealed"]
    forms.with_name("away").rename(forms)
    assert posting.engine.push().sent == 26


def test_what_went_out_as_forms_can_later_be_pushed_to_a_platform(posting):
    posting.report_all()
    posting.engine.join(posting.platform.url, posting.platform.code())
    posting.engine.pull()
    assert posting.engine.push().accepted == 26
    assert posting.same_as_platform()


def test_there_are_no_batch_files_for_a_folder(posting, desk):
    batch = posting.engine.seal(Selection(kinds=["roster"])).batch
    assert refused(posting.engine.export_batch, batch, desk / "a.tpb") == "SEALING_KEY_MISSING"


@pytest.mark.parametrize("url", ["file://server/share", "file:relative", "file:", "ftp://x"])
def test_an_address_that_is_no_folder_is_refused(url):
    assert refused(folder_of, url) == "PLATFORM_URL"


def test_every_field_that_an_institution_reports_has_a_heading():
    forms = json.loads(resources.path("templates", "report_forms.json").read_text(encoding="utf-8"))["forms"]
    for kind, facts in FACTS.items():
        if facts.report is None:
            continue
        told = {column["field"] for column in forms[kind]["columns"]}
        fields = {one.encode_name for one in msgspec.structs.fields(FIELDS[kind])}
        assert told == fields - {"class_id"}, kind
