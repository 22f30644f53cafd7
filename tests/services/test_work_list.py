"""What a merge may have broken: found from the present rows, gone once they are mended."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, Header, payload_hash
from desktop_app.domain.listings.work_list import WorkItem, WorkKind
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.stamps import Stamp
from desktop_app.domain.users import Role
from desktop_app.services.duplicates import known_trainings
from desktop_app.store import aliases, signatures
from desktop_app.store.journal import Note, make_leaves, seal
from tests.factories.offices import PASSWORD, Office
from tests.services.store_facts import refusal
from tests.store.forged_entries import edited, made


@pytest.fixture
def office(office: Office) -> Office:
    """An office whose store is open."""
    office.as_role("office")
    return office


def user_of(office: Office, login: str) -> bytes:
    with office.profile.context.read() as sql:
        return bytes(sql.exec_driver_sql("SELECT id FROM user WHERE login = ?", (login,)).one()[0])


def bring(
    office: Office, *changes: Change, command: str = "of a colleague", login: str = "office", ahead: int = 1
):
    """Receive an entry that somebody on this very computer's copy wrote ``ahead`` seconds later."""
    workstation = office.profile.context.workstation
    with workstation.read() as sql:
        head = sql.exec_driver_sql("SELECT id, ms FROM journal_entry ORDER BY seq DESC LIMIT 1").one()
    leaves = make_leaves(Note(), changes)
    stamp = Stamp(head[1] + 1000 * ahead, 0, b"a friend")
    digest = payload_hash([leaf.digest for leaf in leaves])
    header = Header((head[0],), stamp, workstation.device, user_of(office, login), command, digest)
    return workstation.receive([seal(header, leaves)])


def items(office: Office, kind: WorkKind, role: str = "admin") -> list[WorkItem]:
    return [item for item in office.as_role(role).work_list.list_work() if item.kind is kind]


def person(office: Office, place: int) -> dict[str, object]:
    with office.profile.context.read() as sql:
        query = "SELECT name, document_type, document_number FROM trainee WHERE id = ?"
        return dict(sql.exec_driver_sql(query, (office.people[place],)).mappings().one())


TWIN = b"twin of somebody"


def twin(office: Office, name: str) -> Change:
    first = person(office, 0)
    return made(m.TRAINEE.number, TWIN, g1=name, g2=[first["document_type"], first["document_number"]])


def test_a_class_code_twice_is_listed_with_both_authors_until_one_is_changed(office: Office) -> None:
    code = office.as_role("office").classes.list_classes()[0].code
    bring(office, made(m.TRAINING_CLASS.number, b"class of a friend"[:16], g1=code))
    (item,) = items(office, WorkKind.CLASS_CODE_TWICE, "office")
    assert (item.subject, item.detail, len(item.keys), len(item.writings)) == (code, "2", 2, 2)
    office.as_role("office").classes.edit_class(item.keys[0], {"code": "另一个"})
    assert items(office, WorkKind.CLASS_CODE_TWICE) == []


def test_what_was_refused_is_shown_to_head_and_administrator_alone(office: Office) -> None:
    applied = bring(office, made(m.TRAINEE.number, TWIN, g1="x"), command="create_trainee", login="auditor")
    assert applied.refused == 1
    for role in ("head", "admin"):
        (item,) = items(office, WorkKind.REFUSED, role)
        assert (item.subject, item.detail) == ("create_trainee", "ROLE_LACKING")
        assert item.writings[0].device
    assert items(office, WorkKind.REFUSED, "office") == []
    assert refusal(office.as_role("teacher").work_list.list_work) == "NOT_PERMITTED"


def test_a_clock_that_runs_ahead_is_named_and_its_entries_come_in_by_themselves(office: Office) -> None:
    bring(office, made(m.TRAINEE.number, TWIN, g1="x"), ahead=9 * 86_400)
    (item,) = items(office, WorkKind.CLOCK_AHEAD)
    assert (item.entity, item.detail) == ("device", "1")


def test_people_of_one_number_and_name_are_one_at_once_and_a_user_may_part_them(office: Office) -> None:
    bring(office, twin(office, str(person(office, 0)["name"])))
    (item,) = items(office, WorkKind.JOINED, "office")
    assert set(item.keys) == {TWIN, office.people[0]}
    with office.profile.context.read() as sql:
        assert aliases.canonical(sql, [TWIN]) == {TWIN: min(TWIN, office.people[0])}
        assert aliases.peers(sql, office.people[:2]) == {office.people[0]: frozenset({TWIN})}
    services = office.as_role("office")
    services.work_list.decide(*item.keys, "different")
    assert items(office, WorkKind.JOINED) == items(office, WorkKind.NAMES_DIFFER) == []
    with office.profile.context.read() as sql:
        assert aliases.peers(sql, office.people) == {}
    office.as_role("office").history.undo()
    assert len(items(office, WorkKind.JOINED)) == 1


def test_one_number_with_two_names_waits_for_a_decision(office: Office) -> None:
    bring(office, twin(office, "另一个名字"))
    (item,) = items(office, WorkKind.NAMES_DIFFER, "office")
    with office.profile.context.read() as sql:
        assert aliases.peers(sql, [TWIN]) == {}
    office.as_role("office").work_list.decide(*item.keys, "same")
    with office.profile.context.read() as sql:
        assert aliases.peers(sql, [TWIN]) == {TWIN: frozenset({office.people[0]})}
    assert items(office, WorkKind.NAMES_DIFFER) == []


@pytest.mark.parametrize(
    ("second", "decision", "code"),
    [
        (0, "same", "PERSON_LINK_INVALID"),
        (1, "perhaps", "PERSON_LINK_INVALID"),
        (None, "same", "TRAINEE_UNKNOWN"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(office: Office, second, decision, code) -> None:
    other = TWIN if second is None else office.people[second]
    assert refusal(office.as_role("office").work_list.decide, office.people[0], other, decision) == code


def elsewhere(office: Office, *changes: Change, follows: bytes) -> None:
    """Receive an entry of another workstation that had seen no more than one entry; its clock is an hour behind."""
    workstation, other = office.profile.context.workstation, b"another computer"
    with workstation.read() as sql:
        known = sql.exec_driver_sql("SELECT 1 FROM device WHERE id = ?", (other,)).first()
        ms = sql.exec_driver_sql("SELECT ms FROM journal_entry WHERE id = ?", (follows,)).scalar_one()
    assert known is not None
    leaves = make_leaves(Note(), changes)
    digest = payload_hash([leaf.digest for leaf in leaves])
    header = Header(
        (follows,), Stamp(ms + 1, 0, b"a friend"), other, user_of(office, "office"), "of a colleague", digest
    )
    applied = workstation.receive([seal(header, leaves)])
    assert applied.refused == 0, applied


def tip(office: Office) -> bytes:
    with office.profile.context.read() as sql:
        return bytes(
            sql.exec_driver_sql("SELECT id FROM journal_entry ORDER BY seq DESC LIMIT 1").scalar_one()
        )


def admit(office: Office) -> bytes:
    """Admit another workstation; return the entry that does."""
    key = signatures.public_key(bytes([7]) * 32)
    with office.profile.context.workstation.unit_of_work("admit_device", user_of(office, "admin")) as work:
        work.put(m.DEVICE, b"another computer", {"name": "二号机", "public_key": key})
    return tip(office)


def test_a_score_that_whoever_locked_had_not_seen_is_listed_whatever_its_clock_says(office: Office) -> None:
    admitted = admit(office)
    exam = office.assessment_id
    key = exam + office.people[0]
    with office.profile.context.workstation.unit_of_work("lock", user_of(office, "admin")) as work:
        work.put(m.ASSESSMENT, exam, {"locked": 1})
    assert items(office, WorkKind.SCORE_AFTER_LOCK) == []
    elsewhere(office, edited(m.SCORE.number, key, g2=["scored", 990]), follows=admitted)
    (item,) = items(office, WorkKind.SCORE_AFTER_LOCK, "office")
    assert item.keys == (key,)
    assert "二号机" in {one.device for one in item.writings}
    with office.profile.context.workstation.unit_of_work("lock", user_of(office, "admin")) as work:
        work.put(m.ASSESSMENT, exam, {"locked": 0})
        work.put(m.ASSESSMENT, exam, {"locked": 1})
    assert items(office, WorkKind.SCORE_AFTER_LOCK) == []


def test_a_class_that_two_workstations_filled_beyond_its_limit_is_listed_until_somebody_leaves(
    office: Office,
) -> None:
    admitted = admit(office)
    office.as_role("admin").policies.set_value(
        PolicyParameter("class_size", 3, since=date(2020, 1, 1)), "试点班额"
    )
    assert items(office, WorkKind.CLASS_OVER_LIMIT) == []
    member = made(m.ENROLMENT.number, office.class_id + TWIN, g1=9, g2=[["2020-11-01", None]], g7="attending")
    elsewhere(office, made(m.TRAINEE.number, TWIN, g1="某人"), member, follows=admitted)
    (item,) = items(office, WorkKind.CLASS_OVER_LIMIT, "office")
    assert (item.keys, item.detail) == ((office.class_id,), "4/3")
    assert {one.device for one in item.writings} >= {"二号机"}
    with office.profile.context.workstation.unit_of_work("leave", user_of(office, "admin")) as work:
        work.put(m.ENROLMENT, office.class_id + TWIN, {"state": "withdrawn"})
    assert items(office, WorkKind.CLASS_OVER_LIMIT) == []


def test_a_login_twice_leaves_the_name_to_the_elder_until_the_younger_is_renamed(office: Office) -> None:
    young = b"\xff" * 16
    bring(
        office,
        made(m.USER.number, young, g1="teacher", g3=["office"], g4=0),
        command="add_user",
        login="admin",
    )
    (item,) = items(office, WorkKind.LOGIN_TWICE)
    assert items(office, WorkKind.LOGIN_TWICE, "office") == []
    assert office.as_role("teacher").context.require_actor().roles == {Role.TEACHER}
    office.as_role("admin").work_list.rename(max(item.keys), "teacher2")
    assert items(office, WorkKind.LOGIN_TWICE) == []
    assert refusal(office.as_role("admin").work_list.rename, young, "teacher") == "LOGIN_NAME_TAKEN"


def test_the_younger_of_two_accounts_of_one_name_cannot_log_in_until_it_is_renamed(office: Office) -> None:
    """Its slot here remembers whose it is: it must not open the elder account."""
    young = office.as_role("admin").accounts.add_user("wang", "王敏", [Role.OFFICE], PASSWORD)
    bring(
        office,
        made(m.USER.number, b"\0" * 16, g1="wang", g3=["head"], g4=0),
        command="add_user",
        login="admin",
    )
    profile = office.profile
    assert refusal(profile.log_in, "wang", PASSWORD) == "LOGIN_NAME_TWICE"
    services = office.as_role("admin")
    services.work_list.rename(young, "wang2")
    assert refusal(profile.log_in, "wang", PASSWORD) == "LOGIN_NAME_TWICE"
    services.accounts.reset_password("wang2", PASSWORD)
    assert profile.log_in("wang2", PASSWORD).require_actor().user.id == young
    services = office.as_role("admin")
    services.accounts.reset_password("wang", PASSWORD)
    assert profile.log_in("wang", PASSWORD).require_actor().roles == {Role.HEAD}


def test_what_one_deleted_and_another_edited_is_shown_and_listed(office: Office) -> None:
    first, record = person(office, 0), office.people[0]
    with office.profile.context.read() as sql:
        tip = sql.exec_driver_sql("SELECT id FROM journal_entry ORDER BY seq DESC LIMIT 1").scalar_one()
    assert tip
    office.as_role("office").trainees.edit(record, {"phone": "13900007777"})
    bring(office, edited(m.TRAINEE.number, record, g0=1))
    (item,) = items(office, WorkKind.DELETED_AND_EDITED)
    assert item.keys == (record,)
    assert len(item.writings) == 2
    assert person(office, 0) == first


@pytest.mark.parametrize(
    ("change", "command", "code"),
    [
        ({"g3": ["auditor"]}, "change_roles", "NOT_PERMITTED"),
        ({"g4": 1}, "disable_user", "USER_DISABLED"),
    ],
)
def test_what_a_colleague_took_away_is_gone_at_the_next_command(
    office: Office, change, command, code
) -> None:
    """Else the others would refuse what is written here, and nobody here would know."""
    services = office.as_role("office")
    acting = services.context.require_actor().user.id
    services.trainees.edit(office.people[0], {"phone": "13900001111"})
    bring(office, edited(m.USER.number, acting, **change), command=command, login="admin")
    assert refusal(services.trainees.edit, office.people[0], {"phone": "13900002222"}) == code


def test_a_training_under_the_other_id_of_a_person_counts_when_a_class_is_joined(office: Office) -> None:
    """R37: the twin was entered on another computer and is a member of the class already."""
    member = made(m.ENROLMENT.number, office.class_id + TWIN, g1=99, g2=[["2020-11-01", None]], g7="enrolled")
    with office.profile.context.read() as sql:
        alone = known_trainings(sql, office.people[:1])[office.people[0]]
    bring(office, twin(office, str(person(office, 0)["name"])), member)
    with office.profile.context.read() as sql:
        both = known_trainings(sql, office.people[:1])[office.people[0]]
    assert len(both) == len(alone) + 1
    assert {one.trainee_id for one in both} == {office.people[0]}
