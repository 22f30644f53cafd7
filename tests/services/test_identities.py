"""更名 and 证件更正: with scan and reason; the former identity is found, the rules run again."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.listings.people import TraineeQuery
from desktop_app.domain.records import CERTIFICATE
from desktop_app.services.container import Services
from desktop_app.services.evidence import Owner, Paper
from desktop_app.store.queries import enrolment as queries
from desktop_app.store.state_hash import value_hash
from tests.factories.offices import PEOPLE, Office
from tests.factories.pictures import jpeg

OLD_NAME, OLD_NUMBER = PEOPLE[0]
NEW_NUMBER = "420106195001011030"


@pytest.fixture
def services(office: Office) -> Services:
    return office.as_role("office")


def scan_of(services: Services, person: bytes) -> bytes:
    return services.evidence.add(Owner("trainee", person), Paper("id_card"), jpeg("新证件"), "新证件.jpg")


def found(services: Services, text: str) -> list[str]:
    return [one.name for one in services.trainees.page(TraineeQuery(text))]


def test_a_former_name_is_kept_found_and_given_back_by_undo(office, services):
    person = office.people[0]
    scan = scan_of(services, person)
    with services.context.read() as sql:
        before = value_hash(sql).digest
    change = services.identities.correct(person, {"name": "范雨涵"}, scan, "户口簿更名")
    assert change.redo == ()
    assert services.trainees.get_trainee(person).fields["name"] == "范雨涵"
    (former,) = services.identities.former(person)
    assert (former.name, former.kind, former.attachment_id) == (OLD_NAME, "rename", scan)
    assert OLD_NUMBER not in str(former)
    assert "范雨涵" in found(services, OLD_NAME)
    with services.context.read() as sql:
        assert queries.names_on(sql, date(2020, 11, 9)) == {person: (OLD_NAME, OLD_NUMBER)}
        assert queries.names_on(sql, date(2020, 11, 10)) == {}
    services.history.undo()
    assert services.identities.former(person) == []
    assert found(services, OLD_NAME) == [OLD_NAME]
    with services.context.read() as sql:
        assert value_hash(sql).digest == before


def test_a_new_document_brings_sex_and_birth_and_runs_the_checks_of_age_again(office, services):
    person, advice = office.people[0], []
    services.context.advice_listeners.append(advice.extend)
    services.identities.correct(
        person, {"document_number": NEW_NUMBER}, scan_of(services, person), "原证件号码有误"
    )
    fields = services.trainees.reveal(person).fields
    assert (fields["document_number"], fields["birth"], fields["sex"]) == (NEW_NUMBER, "1950-01-01", "1")
    assert [one.error.code for one in advice] == ["AGE_OVER_RETIREMENT"]
    assert found(services, OLD_NUMBER) == [OLD_NAME]
    assert found(services, OLD_NUMBER[6:14]) == [OLD_NAME]
    assert found(office.as_role("teacher"), OLD_NUMBER) == [OLD_NAME]
    assert found(office.as_role("teacher"), OLD_NUMBER[6:14]) == []


def test_a_document_that_was_somebody_else_s_warns(office, services):
    first, second = office.people[:2]
    services.identities.correct(first, {"document_number": NEW_NUMBER}, scan_of(services, first), "号码有误")
    advice = []
    services.context.advice_listeners.append(advice.extend)
    services.identities.correct(
        second, {"document_number": OLD_NUMBER}, scan_of(services, second), "号码有误"
    )
    assert "DOCUMENT_FORMERLY_OF" in [one.error.code for one in advice]


def test_what_bears_the_former_name_is_listed(office, services):
    person = office.people[0]
    with services.context.unit_of_work("import_certificates") as work:
        key = CERTIFICATE.join_key((office.assessment_id, person, 1))
        work.put(CERTIFICATE, key, {"number": "S000042010100012000001", "state": "issued"})
    change = services.identities.correct(person, {"name": "范雨涵"}, scan_of(services, person), "更名")
    assert change.redo == (("certificate", "S000042010100012000001"),)


def test_groups_are_judged_again(office, services):
    person, advice = office.people[0], []
    services.qualification.set_circumstances(person, {"left": "college", "left_on": "2019-06-30"})
    services.qualification.choose_group(office.class_id, person, "graduate")
    services.qualification.set_circumstances(person, {"left_on": "2016-06-30"})
    services.context.advice_listeners.append(advice.extend)
    services.identities.correct(person, {"name": "范雨涵"}, scan_of(services, person), "更名")
    assert "GRADUATE_LATE" in [one.error.code for one in advice]


def test_papers_print_the_name_that_was_valid_on_their_day(office, services):
    person = office.people[0]
    services.identities.correct(person, {"name": "范雨涵"}, scan_of(services, person), "更名")
    sheets = services.papers.content("sign-in", office.class_id).sheets
    names = {sheet.session.date: [one.name for one in sheet.people] for sheet in sheets}
    assert OLD_NAME in names[date(2020, 11, 9)]
    assert "范雨涵" in names[date(2020, 11, 10)]
    assert OLD_NAME not in names[date(2020, 11, 10)]
    roster = services.papers.content("roster", office.class_id)
    assert "范雨涵" in [line.name for line in roster.lines]


def test_without_scan_reason_or_change_nothing_is_corrected(office, services):
    first, second = office.people[:2]
    scan = scan_of(services, first)

    def refused(person: bytes, fields: dict[str, str], proof: bytes, reason: str) -> str:
        with pytest.raises(AppError) as caught:
            services.identities.correct(person, fields, proof, reason)
        return caught.value.code

    assert refused(first, {"name": "范雨涵"}, scan, " ") == "REASON_MISSING"
    assert refused(first, {"name": OLD_NAME}, scan, "更名") == "IDENTITY_SAME"
    assert refused(second, {"name": "苏国强"}, scan, "更名") == "IDENTITY_SCAN_MISSING"
    assert refused(first, {"phone": "13900000000"}, scan, "更名") == "FIELD_UNKNOWN"
    with pytest.raises(FieldErrors) as caught:
        services.identities.correct(first, {"document_number": PEOPLE[1][1]}, scan, "更正")
    assert caught.value.fields["document_number"].code == "DOCUMENT_TAKEN"
    assert services.identities.former(first) == []
