"""Evidence of people and classes on a real store: added once, reviewed, opened on record, undone, lost and told."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date, timedelta

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import Cover, EvidenceState, PhotoSize, cover_text
from desktop_app.domain.users import Role
from desktop_app.services.attendance import NewMark
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_import import EvidenceChoices
from desktop_app.services.evidence_intake import PhotoShape
from desktop_app.store.evidence_files import KEPT_UNNAMED
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import PASSWORD
from tests.factories.pictures import code_sheet, drawn, jpeg, pdf
from tests.source_tree import ROOT


@pytest.fixture
def services(office):
    return office.as_role(Role.OFFICE)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "incoming"
    made.mkdir()
    return made


def refused(act, *given, **named):
    with pytest.raises(AppError) as error:
        act(*given, **named)
    return error.value.code


def add(services, office, kind="id_card", text="范雨", place=0):
    owner = Owner("trainee", office.people[place])
    return services.evidence.add(owner, Paper(kind), jpeg(text), f"{text}.jpg")


def digest(services):
    with services.context.read() as sql:
        return state_hash(sql).digest


def stored(office, before=()):
    """The files that lie there, without those of ``before``: the office keeps a file of results already."""
    folder = office.profile.files.folder / "evidence"
    return [path for path in folder.rglob("*") if path.is_file() and path not in before]


def test_the_same_file_is_named_once_and_kept_once(services, office):
    before = stored(office)
    assert add(services, office) == add(services, office)
    other = add(services, office, place=1)
    assert len(services.evidence.of_trainee(office.people[0])) == 1
    assert services.evidence.open(other).item.owner_key == office.people[1]
    assert len(stored(office, before)) == 1


def test_what_is_there_is_shown_and_what_lacks_is_named(services, office):
    services.trainees.edit_enrolment(office.class_id, office.people[0], {"key_group": "urban_poor"})
    person = services.evidence.sheet(office.class_id).people[0]
    assert [one.need.code for one in person.missing] == ["id_card", "group", "commitment", "photo"]
    add(services, office)
    owner = Owner("trainee", office.people[0])
    services.evidence.add(owner, Paper("low_income", "D1"), jpeg("低保"), "低保证.jpg")
    person = services.evidence.sheet(office.class_id).people[0]
    assert [one.need.code for one in person.missing] == ["commitment", "photo"]


def test_review_return_and_remove_can_each_be_taken_back(services, office):
    key = add(services, office)

    def state():
        return [one.state for one in services.evidence.of_trainee(office.people[0])]

    services.evidence.review([key], accepted=True)
    assert state() == [EvidenceState.REVIEWED]
    services.evidence.review([key], accepted=False, reason="模糊")
    assert state() == [EvidenceState.RETURNED]
    services.history.undo()
    assert state() == [EvidenceState.REVIEWED]
    services.evidence.remove(key, "传错")
    assert state() == []
    services.history.undo()
    assert state() == [EvidenceState.REVIEWED]
    assert services.evidence.open(key).content == jpeg("范雨")


def test_number_issuer_and_last_day_are_corrected_and_reviewed_anew(services, office):
    key = add(services, office)

    def item():
        (found,) = services.evidence.of_trainee(office.people[0])
        return found.number, found.issuer, found.valid_until, found.state

    services.evidence.review([key], accepted=True)
    day = date(2021, 12, 31)
    changes = {"number": " A1 ", "issuer": "江城区人社局", "valid_until": day}
    assert services.evidence.edit(key, changes)
    assert item() == ("A1", "江城区人社局", day, EvidenceState.RECEIVED)
    services.evidence.review([key], accepted=True)
    assert not services.evidence.edit(key, {"number": "A1"})
    assert item()[-1] is EvidenceState.REVIEWED
    assert services.evidence.edit(key, {"issuer": "", "valid_until": None})
    assert item() == ("A1", None, None, EvidenceState.RECEIVED)
    services.history.undo()
    assert item() == ("A1", "江城区人社局", day, EvidenceState.REVIEWED)


def test_a_number_that_is_too_long_and_a_file_of_another_class_are_not_edited(office, services):
    owner = Owner("enrolment", office.other_class_id + office.people[2])
    services.trainees.enrol(office.other_class_id, office.people[2:], "employee")
    key = services.evidence.add(owner, Paper("labour_contract"), jpeg("合同"), "合同.jpg")
    before = digest(services)
    assert refused(services.evidence.edit, key, {"number": "1" * 101}) == "EVIDENCE_TEXT_TOO_LONG"
    adviser = office.as_role(Role.ADVISER)
    assert refused(adviser.evidence.edit, key, {"number": "1"}) == "NOT_YOUR_CLASS"
    assert digest(services) == before


def test_bad_input_is_refused_and_nothing_changes(services, office):
    before = digest(services)
    owner = Owner("trainee", office.people[0])
    act = services.evidence.add
    assert refused(act, owner, Paper("nonsense"), jpeg("x"), "x") == "EVIDENCE_KIND_UNKNOWN"
    assert refused(act, owner, Paper("sign_in"), jpeg("x"), "x") == "EVIDENCE_OWNER"
    assert refused(act, owner, Paper("id_card"), b"MZ\x90", "x.jpg") == "PICTURE_UNREADABLE"
    assert refused(act, owner, Paper("photo"), pdf([drawn("x")]), "x.pdf") == "EVIDENCE_PHOTO_PDF"
    nobody = Owner("trainee", bytes(16))
    assert refused(act, nobody, Paper("id_card"), jpeg("x"), "x") == "EVIDENCE_OWNER_UNKNOWN"
    assert digest(services) == before


def test_an_adviser_keeps_evidence_of_assigned_classes_only(office):
    services = office.as_role(Role.OFFICE)
    services.trainees.enrol(office.other_class_id, office.people[2:], "employee")
    owner = Owner("enrolment", office.other_class_id + office.people[2])
    key = services.evidence.add(owner, Paper("labour_contract"), jpeg("合同"), "合同.jpg")
    adviser = office.as_role(Role.ADVISER)
    assert add(adviser, office)
    assert refused(adviser.evidence.open, key) == "NOT_YOUR_CLASS"
    assert refused(adviser.evidence.sheet, office.other_class_id) == "NOT_YOUR_CLASS"


def test_opening_is_recorded(services, office):
    key = add(services, office)
    services.evidence.open(key)
    head = office.as_role(Role.HEAD)
    assert head.history.list_journal()[0].command == "open_evidence"


def test_a_lost_file_is_told_and_comes_back_from_the_folder_beside_the_backup(services, office, tmp_path):
    before = stored(office)
    key = add(services, office)
    admin = office.as_role(Role.ADMIN)
    assert admin.evidence.copy_to(tmp_path / "usb") == (len(before) + 1, 0)
    stored(office, before)[0].write_bytes(b"damaged")
    services = office.as_role(Role.OFFICE)
    assert services.evidence.lost() == [key]
    assert refused(services.evidence.open, key) == "EVIDENCE_LOST"
    admin = office.as_role(Role.ADMIN)
    assert admin.evidence.fetch_from(tmp_path / "usb") == (1, 0)
    assert admin.evidence.lost() == []


KILLED = """
import os, sys
from desktop_app.store.unit_of_work import UnitOfWork
from desktop_app.services.container import build_services
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.profile import Profile
from tests.factories.offices import CHEAP, TestClock
from tests.factories.pictures import jpeg
from pathlib import Path
profile = Profile(Path(sys.argv[1]), cost=CHEAP, clock=TestClock())
profile.log_in("office", sys.argv[2], confirm_clock=True)
UnitOfWork.finish = lambda self: os._exit(9)
build_services(profile).evidence.add(Owner("trainee", bytes.fromhex(sys.argv[3])), Paper("id_card"), jpeg("x"), "x")
"""


def test_a_death_between_file_and_record_leaves_no_evidence_but_an_orphan_that_goes(office):
    before = stored(office)
    office.profile.close()
    command = [
        sys.executable,
        "-c",
        KILLED,
        str(office.profile.files.folder),
        PASSWORD,
        office.people[0].hex(),
    ]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    type(office.profile).__init__(
        office.profile, office.profile.files.folder, cost=office.profile._cost, clock=office.profile.clock
    )
    services = office.as_role(Role.OFFICE)
    assert len(stored(office, before)) == 1
    assert services.evidence.of_trainee(office.people[0]) == []
    assert services.evidence.lost() == []
    assert services.evidence.clear_unnamed() == 0
    clock = office.profile.clock
    clock.moment = max(clock.moment, clock.moment) + timedelta(days=365 * 10) + KEPT_UNNAMED
    assert services.evidence.clear_unnamed() == 1
    assert stored(office) == before


def test_a_folder_is_matched_shown_and_taken_in_by_one_command_that_one_undo_takes_back(
    services, office, folder
):
    (folder / "范雨身份证.jpg").write_bytes(jpeg("1"))
    (folder / "苏国.jpg").write_bytes(jpeg("2"))
    (folder / "DSC_1.jpg").write_bytes(jpeg("3"))
    (folder / "戚刚.txt").write_text("no picture")
    before = digest(services)
    plan = services.evidence_imports.plan(office.class_id, [folder], EvidenceChoices("commitment"))
    assert digest(services) == before
    told = {one.path: (one.person, one.kind, one.problem and one.problem.code) for one in plan.files}
    assert told == {
        "DSC_1.jpg": (None, "commitment", None),
        "苏国.jpg": (office.people[1], "commitment", None),
        "范雨身份证.jpg": (office.people[0], "id_card", None),
        "戚刚.txt": (office.people[2], "commitment", "PICTURE_UNREADABLE"),
    }
    place = next(one.place for one in plan.files if one.path == "DSC_1.jpg")
    plan = plan.answered({place: (office.people[2], "id_card")})
    assert services.evidence_imports.apply(plan) == 3
    assert refused(services.evidence_imports.apply, plan) == "EVIDENCE_NOTHING"
    assert services.evidence.sheet(office.class_id).people[2].items[0].kind == "id_card"
    assert services.history.undo().command == "import_evidence"
    assert all(not person.items for person in services.evidence.sheet(office.class_id).people)


def test_photos_are_cut_to_size(services, office, folder):
    (folder / "范雨照片.jpg").write_bytes(jpeg("face", (900, 1200)))
    choices = EvidenceChoices(photo=PhotoShape(PhotoSize.TWO_INCH, 30 * 1024))
    plan = services.evidence_imports.plan(office.class_id, [folder], choices)
    assert services.evidence_imports.apply(plan) == 1
    (item,) = services.evidence.of_trainee(office.people[0])
    assert (item.kind, item.size <= 30 * 1024) == ("photo", True)


def test_one_scan_of_the_class_is_cut_at_its_cover_sheets(services, office, folder):
    def cover(place, kind=""):
        return code_sheet(cover_text(Cover("enrolment", office.class_id + office.people[place], kind)))

    foreign = code_sheet(cover_text(Cover("enrolment", office.other_class_id + office.people[0])))
    pages = [
        drawn("0"),
        cover(1, "id_card"),
        drawn("1"),
        drawn("2"),
        cover(0),
        drawn("3"),
        foreign,
        drawn("4"),
    ]
    (folder / "scan.pdf").write_bytes(pdf(pages))
    plan = services.evidence_imports.plan(
        office.class_id, [folder / "scan.pdf"], EvidenceChoices("commitment")
    )
    told = [(one.path, one.person, one.kind) for one in plan.files]
    assert told == [
        ("scan.pdf#1", None, "commitment"),
        ("scan.pdf#3", office.people[1], "id_card"),
        ("scan.pdf#4", office.people[1], "id_card"),
        ("scan.pdf#6", office.people[0], "commitment"),
        ("scan.pdf#8", None, "commitment"),
    ]


def test_the_covers_that_are_printed_are_read(services, office, folder):
    assert services.evidence.cover(office.class_id, folder / "cover.pdf", "id_card") == 3
    plan = services.evidence_imports.plan
    assert refused(plan, office.class_id, [folder / "cover.pdf"]) == "EVIDENCE_NOTHING"


def test_roster_order_is_taken_only_where_it_comes_out_even(services, office, folder):
    for number in range(1, 4):
        (folder / f"{number}.jpg").write_bytes(jpeg(str(number)))
    choices = EvidenceChoices("id_card", by_order=True)
    plan = services.evidence_imports.plan(office.class_id, [folder], choices)
    assert [one.person for one in plan.files] == office.people
    (folder / "4.jpg").write_bytes(jpeg("4"))
    assert (
        refused(services.evidence_imports.plan, office.class_id, [folder], choices) == "EVIDENCE_ORDER_COUNT"
    )


def test_hostile_archives_are_bounded_and_lead_nowhere(services, office, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_app.domain.evidence.MAX_FILE_BYTES", 1 << 16)
    archive = folder / "all.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../../范雨.jpg", jpeg("1"))
        made.writestr("/苏国.jpg", jpeg("2"))
        made.writestr("戚刚.jpg", bytes(1 << 24))
        made.writestr("__MACOSX/._范雨.jpg", b"x")
    plan = services.evidence_imports.plan(office.class_id, [archive], EvidenceChoices("id_card"))
    told = sorted((one.path, one.problem and one.problem.code) for one in plan.files)
    assert told == [("../../范雨.jpg", None), ("/苏国.jpg", None), ("戚刚.jpg", "EVIDENCE_FILE_TOO_LARGE")]
    assert {path.name for path in tmp_path.rglob("*.jpg")} == set()
    archive.write_bytes(archive.read_bytes()[:100])
    assert refused(services.evidence_imports.plan, office.class_id, [archive]) == "ARCHIVE_UNREADABLE"
    monkeypatch.setattr("desktop_app.domain.evidence.MAX_FILES", 2)
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(jpeg(str(number)))
    archive.unlink()
    assert refused(services.evidence_imports.plan, office.class_id, [folder]) == "EVIDENCE_TOO_MANY"


def test_names_in_an_archive_made_on_chinese_windows_are_read(services, office, folder):
    archive = folder / "all.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("??????.jpg", jpeg("1"))
    raw = archive.read_bytes().replace(b"??????.jpg", "范雨１.jpg".encode("gb18030"))
    archive.write_bytes(raw)
    plan = services.evidence_imports.plan(office.class_id, [archive], EvidenceChoices("id_card"))
    assert [(one.path, one.person) for one in plan.files] == [("范雨１.jpg", office.people[0])]


def test_marks_keyed_from_the_sheet_say_so_and_one_undo_takes_marks_and_scan_back(services, office):
    session = office.sessions[0]
    before = len(services.attendance.sheet(office.class_id).marks)
    sheet = services.evidence.keep_sheet(session, jpeg("签到"), "签到表.jpg")
    marks = [NewMark(office.people[2], Mark(MarkStatus.LATE))]
    assert services.attendance.mark_from_sheet(session, marks, sheet) == 1
    mark = services.attendance.sheet(office.class_id).marks[session, office.people[2]]
    assert services.attendance.source(mark.entry).command == "mark_from_sheet"
    (scan,) = services.evidence.sheet(office.class_id).of_class
    assert (scan.kind, scan.owner_key, scan.digest) == ("sign_in", session, sheet.digest)
    assert (
        refused(services.attendance.mark_from_sheet, office.sessions[1], marks, sheet)
        == "EVIDENCE_OWNER_UNKNOWN"
    )
    services.history.undo()
    assert services.evidence.sheet(office.class_id).of_class == ()
    assert len(services.attendance.sheet(office.class_id).marks) == before


def test_a_group_without_its_papers_is_warned_of_by_name_and_kept(services, office):
    told = []
    services.context.advice_listeners.append(told.extend)
    services.trainees.edit_enrolment(office.class_id, office.people[0], {"key_group": "urban_poor"})
    (finding,) = told
    assert (finding.rule, finding.error.code) == ("R02", "EVIDENCE_NO_SCAN")
    assert finding.error.params == {"name": "范雨", "class_code": "电工01班", "paper": "低保证"}
    told.clear()
    owner = Owner("trainee", office.people[0])
    services.evidence.add(owner, Paper("low_income", "D1"), jpeg("低保"), "低保证.jpg")
    services.trainees.edit_enrolment(office.class_id, office.people[0], {"employer": "无"})
    assert told == []
