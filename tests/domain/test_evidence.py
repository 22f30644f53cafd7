"""What evidence is needed and missing (R02, R03), review, file names, cover codes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import (
    Cover,
    EvidenceState,
    Lack,
    Proof,
    check_evidence,
    check_review,
    clean_file_name,
    cover_text,
    missing_evidence,
    needs_of,
    read_cover,
)
from desktop_app.domain.records import BY_NAME
from desktop_app.domain.rules import Severity

DAY = date(2020, 11, 10)


def lacks(category, group, *proofs):
    found = missing_evidence(needs_of(category, group), proofs, DAY)
    return {one.need.code: one.lack for one in found if one.need.rule}


def test_each_kind_names_an_owner_that_exists() -> None:
    assert {entry.more["owner"] for entry in codes.table("evidence_kinds").entries} <= set(BY_NAME)


@pytest.mark.parametrize("group", [entry.code for entry in codes.table("key_groups").entries])
def test_every_group_lacks_its_evidence_until_it_is_there(group: str) -> None:
    assert set(lacks("key_group", group).values()) == {Lack.SCAN}
    proofs = [Proof(kind, "1") for kind in codes.group_evidence(group)]
    assert lacks("key_group", group, *proofs) == {}


def test_a_graduate_needs_both_papers_and_a_rural_worker_either() -> None:
    assert lacks("key_group", "graduate", Proof("graduation", "1")) == {"no_job_statement": Lack.SCAN}
    assert lacks("key_group", "rural_transfer", Proof("village_certificate")) == {}


def test_an_employee_needs_contract_or_insurance_and_a_student_no_paper() -> None:
    assert lacks("employee", None) == {"employment": Lack.SCAN}
    assert lacks("employee", None, Proof("social_insurance")) == {}
    assert lacks("student", None) == {}


@pytest.mark.parametrize(
    ("proof", "lack"),
    [
        (Proof("low_income", None), Lack.NUMBER),
        (Proof("low_income", "1", date(2020, 11, 9)), Lack.EXPIRED),
        (Proof("low_income", "1", DAY), None),
        (Proof("low_income", "1", None, EvidenceState.RETURNED), Lack.RETURNED),
        (Proof("low_income", "1", None, EvidenceState.REVIEWED), None),
    ],
)
def test_a_scan_counts_with_its_number_to_its_last_day_unless_sent_back(proof, lack) -> None:
    assert lacks("key_group", "urban_poor", proof).get("group") == lack


def test_missing_evidence_warns_at_enrolment_and_blocks_a_claim_by_name() -> None:
    missing = missing_evidence(needs_of("key_group", "veteran"), (), DAY)
    (warned,) = check_evidence("范雨", "电工01班", missing)
    assert (warned.rule, warned.severity, warned.error.code) == ("R02", Severity.WARN, "EVIDENCE_NO_SCAN")
    assert warned.error.params == {"name": "范雨", "class_code": "电工01班", "paper": "退役军人证"}
    (blocked,) = check_evidence("范雨", "电工01班", missing, claim=True)
    assert blocked.severity is Severity.BLOCK


def test_review_goes_both_ways_and_a_return_needs_a_reason() -> None:
    assert check_review(EvidenceState.RECEIVED, accepted=True, reason="") is EvidenceState.REVIEWED
    assert check_review(EvidenceState.REVIEWED, accepted=False, reason="模糊") is EvidenceState.RETURNED
    assert check_review(EvidenceState.RETURNED, accepted=True, reason="") is EvidenceState.REVIEWED
    for state, accepted, reason, code in (
        (EvidenceState.RECEIVED, False, " ", "REASON_MISSING"),
        (EvidenceState.REVIEWED, True, "", "EVIDENCE_IS_REVIEWED"),
        (EvidenceState.RETURNED, False, "模糊", "EVIDENCE_IS_RETURNED"),
    ):
        with pytest.raises(AppError) as refused:
            check_review(state, accepted=accepted, reason=reason)
        assert refused.value.code == code


@given(st.text(max_size=400))
def test_file_names_keep_no_path_and_no_control_characters(name: str) -> None:
    clean = clean_file_name(name)
    assert len(clean) <= 120
    assert not set(clean) & set("/\\\0\n\u202e")


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_file_name("长" * 300 + ".jpeg").endswith("长.jpeg")


@given(st.binary(min_size=16, max_size=32), st.sampled_from(["", "id_card", "photo"]))
def test_a_cover_code_says_what_it_was_made_of(key: bytes, kind: str) -> None:
    cover = Cover("enrolment", key, kind)
    assert read_cover(cover_text(cover)) == cover


@given(st.text(max_size=80))
def test_other_codes_are_no_cover(text: str) -> None:
    assert read_cover(text) is None


def test_one_wrong_character_spoils_a_cover_code() -> None:
    text = cover_text(Cover("enrolment", bytes(32), "id_card"))
    for place in range(len(text)):
        changed = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
        assert read_cover(changed) is None
