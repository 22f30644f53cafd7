"""校内审核: nothing is sealed that the head has not approved as it is."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import INSTITUTION
from desktop_app.domain.users import Role
from desktop_app.services.reporting import Selection
from desktop_app.store.repositories import accounts
from sync.contract.wire import Manifest, decode

ROSTER = Selection(["roster"])


def refused(call, *arguments, **named):
    with pytest.raises(AppError) as caught:
        call(*arguments, **named)
    return caught.value.code


@pytest.fixture
def reviewed(office):
    office.services.reviews.set_required(required=True)
    return office


def decide(office, kind="roster", reason=None):
    office.as_role(Role.HEAD)
    office.engine.review(kind, office.class_id, reason)
    office.as_role("admin")


def test_without_the_setting_there_is_nothing_to_review(office):
    assert office.report("roster").review == ""
    office.as_role(Role.HEAD)
    assert refused(office.engine.review, "roster", office.class_id) == "NOTHING_TO_REVIEW"


def test_what_is_not_approved_stays_out_of_the_batch(reviewed):
    assert reviewed.report("roster").review == "waiting"
    assert refused(reviewed.engine.seal) == "REPORTS_NOT_REVIEWED"
    everything = reviewed.engine.preflight()
    assert (everything.ready, everything.unreviewed) == (0, everything.records)
    assert reviewed.services.reviews.reviewers() == ["head 账号"]
    decide(reviewed)
    found = reviewed.engine.preflight()
    assert 0 < found.ready == everything.unreviewed - found.unreviewed
    assert (reviewed.report("roster").review, reviewed.report("attendance").review) == ("approved", "waiting")
    assert [kind for kind, _, _ in reviewed.engine.seal().reports] == ["roster"]


def test_an_edit_after_the_approval_asks_for_another(reviewed):
    decide(reviewed)
    reviewed.edit(0, {"phone": "13900002222"})
    assert reviewed.report("roster").review == "waiting"
    assert refused(reviewed.engine.seal, ROSTER) == "REPORTS_NOT_REVIEWED"
    decide(reviewed)
    assert reviewed.engine.seal(ROSTER).reports


def test_a_returned_report_is_not_sealed_and_says_why(reviewed):
    reviewed.as_role(Role.HEAD)
    assert refused(reviewed.engine.review, "roster", reviewed.class_id, " ") == "REASON_MISSING"
    decide(reviewed, reason="电话待核对")
    assert (reviewed.report("roster").review, reviewed.report("roster").review_reason) == (
        "returned",
        "电话待核对",
    )
    assert refused(reviewed.engine.seal, ROSTER) == "REPORTS_NOT_REVIEWED"


def test_who_entered_the_marks_does_not_approve_them(reviewed):
    head = next(item for item in reviewed.services.accounts.list_users() if item.login == "head")
    office = next(item for item in reviewed.services.accounts.list_users() if item.login == "office")
    reviewed.services.accounts.change_roles(office.id, [Role.OFFICE, Role.HEAD])
    reviewed.as_role(Role.OFFICE)
    assert refused(reviewed.engine.review, "attendance", reviewed.class_id) == "REVIEW_OWN_WORK"
    assert head.roles == (Role.HEAD,)
    decide(reviewed, "attendance")
    assert reviewed.report("attendance").review == "approved"


def test_what_builds_on_a_report_waits_for_its_approval(reviewed):
    decide(reviewed, "attendance")
    assert refused(reviewed.engine.seal) == "REPORTS_NOT_REVIEWED"
    decide(reviewed)
    assert [kind for kind, _, _ in reviewed.engine.seal().reports] == ["roster", "attendance"]


def sealed_manifest(office):
    batch = office.engine.seal().batch
    with office.batches.view() as view:
        return bytes(view.batch(batch).manifest)


def test_every_batch_of_one_person_says_so_and_others_say_nothing(office):
    assert b"solo" not in sealed_manifest(office)
    office.engine.dissolve(office.engine.list_batches()[0].id)
    with office.services.context.read() as sql:
        institution = accounts.institution(sql)
    office.write(INSTITUTION, institution.id, {"solo": 1, "demo": int(institution.demo)})
    assert decode(sealed_manifest(office), Manifest).solo
    pushed = office.engine.push()
    assert (pushed.sent, pushed.rejected) == (pushed.accepted, 0)
