"""Groups of a person, the two years, the one choice, and who organises."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop_app.domain import qualification as q
from desktop_app.domain.errors import AppError
from desktop_app.domain.pilots import Pilot, PilotAnswer, Standing
from desktop_app.domain.policy_parameters import PolicyParameter, look_up
from desktop_app.domain.qualification import Circumstances, Enrolling, Left
from desktop_app.domain.rules import Severity

ON = date(2020, 11, 2)
WHO = Enrolling("王建国", "电工2020-01班", ON)
UNKNOWN, LISTED, NOT_LISTED = (
    PilotAnswer(one) for one in (Standing.UNKNOWN, Standing.LISTED, Standing.NOT_LISTED)
)
YEARS = look_up("graduate_years", ON)


def matches(known, on=ON, pilot=UNKNOWN):
    return {one.group: one for one in q.matching_groups(known, on, 2, pilot)}


def codes(findings):
    return [(one.error.code, one.severity) for one in findings]


@pytest.mark.parametrize(
    ("left", "on", "fits"),
    [
        (date(2018, 11, 2), ON, True),
        (date(2018, 11, 1), ON, False),
        (ON, ON, True),
        (date(2020, 11, 3), ON, False),
        (date(2020, 2, 29), date(2022, 2, 28), True),
        (date(2020, 2, 29), date(2022, 3, 1), False),
        (date(2018, 2, 28), date(2020, 2, 28), True),
        (date(2018, 2, 28), date(2020, 2, 29), False),
    ],
)
def test_graduates_are_a_group_for_two_years_both_ends_included(left, on, fits):
    assert matches(Circumstances(left=Left.COLLEGE, left_on=left), on)["graduate"].fits is fits


def test_a_graduate_who_works_is_no_unemployed_graduate_but_an_employee():
    found = matches(
        Circumstances(left=Left.COLLEGE, left_on=date(2020, 6, 30), employed=True, employer="东风电气")
    )
    assert not found["graduate"].fits
    assert found["graduate"].reason == "graduate_employed"
    assert found["employee"].fits


@pytest.mark.parametrize(("left", "fits"), [(date(2020, 1, 1), True), (date(2019, 12, 31), False)])
def test_school_leavers_are_a_group_in_the_year_of_graduation(left, fits):
    assert matches(Circumstances(left=Left.MIDDLE, left_on=left))["school_leaver"].fits is fits


def test_who_studies_on_is_no_school_leaver():
    known = Circumstances(left=Left.MIDDLE, left_on=date(2020, 6, 30), studies_on=True)
    assert matches(known)["school_leaver"].reason == "school_leaver_studies"


def test_all_matching_groups_are_listed_and_nothing_is_guessed():
    known = Circumstances(left=Left.COLLEGE, left_on=date(2020, 6, 30), groups=("veteran", "unemployed"))
    assert set(matches(known)) == {"graduate", "veteran", "unemployed"}
    assert matches(Circumstances()) == {}


def test_a_group_that_has_ended_is_listed_as_such():
    known = Circumstances(groups=("registered_poor",))
    assert matches(known, date(2020, 12, 31))["registered_poor"].fits
    assert not matches(known, date(2021, 1, 1))["registered_poor"].fits


@pytest.mark.parametrize(
    ("pilot", "document", "expected"),
    [
        (LISTED, "", []),
        (UNKNOWN, "", [("PILOT_UNKNOWN", Severity.WARN)]),
        (UNKNOWN, "鄂教职成函〔2020〕8号", []),
        (NOT_LISTED, "", [("SCHOOL_NOT_PILOT", Severity.BLOCK)]),
        (PilotAnswer(Standing.LISTED, Pilot("江城职院", "电工")), "", []),
    ],
)
def test_students_train_where_their_school_pilots_the_certificate(pilot, document, expected):
    known = Circumstances(school="江城职院", pilot_document=document)
    assert codes(q.check_pilot(WHO, known, "电工", pilot)) == expected


def test_a_student_without_a_school_is_refused():
    assert codes(q.check_pilot(WHO, Circumstances(), "电工", LISTED)) == [
        ("STUDENT_SCHOOL_MISSING", Severity.BLOCK)
    ]


def test_employees_name_their_employer_and_its_code():
    assert [code for code, _ in codes(q.check_employer(WHO, Circumstances()))] == [
        "EMPLOYER_MISSING",
        "EMPLOYER_USCC_MISSING",
    ]
    known = Circumstances(employer="东风电气", employer_uscc="91420100MA0000000Y")
    assert q.check_employer(WHO, known) == ()
    claim = q.check_employer(WHO, Circumstances(employer="东风电气"), claim=True)
    assert codes(claim) == [("EMPLOYER_USCC_MISSING", Severity.BLOCK)]


def choose(group, found=(), *, chosen=None, reason="", years=YEARS):
    return codes(q.check_choice(WHO, group, found, chosen=chosen, reason=reason, years=years))


def test_one_group_is_chosen_and_another_only_with_a_reason():
    found = q.matching_groups(Circumstances(groups=("veteran", "unemployed")), ON, 2, UNKNOWN)
    assert choose("veteran", found) == []
    assert choose("veteran", found, chosen="veteran") == []
    assert choose("unemployed", found, chosen="veteran") == [("GROUP_CHOSEN_ALREADY", Severity.BLOCK)]
    assert choose("unemployed", found, chosen="veteran", reason="退役证未核实") == []


def test_a_group_that_nothing_speaks_for_warns():
    assert choose("veteran") == [("GROUP_UNFOUNDED", Severity.WARN)]


def test_the_two_years_block_because_the_notice_fixes_them():
    known = Circumstances(left=Left.COLLEGE, left_on=date(2018, 6, 30))
    found = q.matching_groups(known, ON, 2, UNKNOWN)
    assert choose("graduate", found) == [("GRADUATE_LATE", Severity.BLOCK)]
    reference = PolicyParameter("graduate_years", 2, "years", "离校年限")
    assert choose("graduate", found, years=reference) == [("GRADUATE_LATE", Severity.WARN)]


def test_a_chosen_group_is_not_changed_in_passing():
    assert q.check_kept_group(WHO, None, "key_group", "veteran") == ()
    assert q.check_kept_group(WHO, "veteran", "key_group", "veteran") == ()
    assert q.check_kept_group(WHO, "student", "student", "veteran") == ()
    for category, group in (("key_group", "unemployed"), ("student", "veteran"), (None, None)):
        found = q.check_kept_group(WHO, "veteran", category, group)
        assert codes(found) == [("GROUP_FIXED", Severity.BLOCK)]
    assert codes(q.check_kept_group(WHO, "student", "employee", None)) == [("GROUP_FIXED", Severity.BLOCK)]


def test_the_date_of_a_chosen_group_takes_a_reason() -> None:
    other = WHO.on + timedelta(days=1)
    assert q.check_kept_date(WHO, None, other) == q.check_kept_date(WHO, "veteran", WHO.on) == ()
    assert q.check_kept_date(WHO, "veteran", other, "误录") == ()
    for day in (other, None):
        assert codes(q.check_kept_date(WHO, "veteran", day, " ")) == [("ENROLLED_ON_FIXED", Severity.BLOCK)]


def test_a_claim_on_another_group_is_refused():
    assert q.check_claim_group(WHO, "veteran", "veteran") == ()
    assert codes(q.check_claim_group(WHO, "veteran", "unemployed")) == [("CLAIM_OTHER_GROUP", Severity.BLOCK)]
    assert codes(q.check_claim_group(WHO, None, "unemployed")) == [("CLAIM_OTHER_GROUP", Severity.BLOCK)]


@pytest.mark.parametrize(
    ("group", "education", "studying", "warns"),
    [
        ("graduate", "70", False, True),
        ("graduate", "31", False, False),
        ("graduate", "48", False, False),
        ("school_leaver", "21", False, True),
        ("school_leaver", "70", False, False),
        ("veteran", "31", True, True),
        ("student", "31", True, False),
        ("veteran", None, False, False),
    ],
)
def test_group_and_education_that_contradict_each_other_warn(group, education, studying, warns):
    found = q.check_facts(WHO, group, education=education, studying=studying, ground="household")
    assert codes(found) == ([("GROUP_EDUCATION", Severity.WARN)] if warns else [])


def test_a_missing_ground_of_the_province_warns():
    found = q.check_facts(WHO, "veteran", education=None, studying=False, ground=None)
    assert codes(found) == [("HUBEI_GROUND_MISSING", Severity.WARN)]


@pytest.mark.parametrize(
    ("group", "organisers"),
    [
        ("student", ("教育",)),
        ("veteran", ("退役军人", "人社")),
        ("employee", ("人社", "工会")),
        ("unemployed", ("人社",)),
        ("other", ("人社",)),
    ],
)
def test_the_organisers_follow_the_group(group, organisers):
    assert q.organisers_of(group) == organisers


def test_who_really_organised_it_is_named():
    assert codes(q.check_organiser(WHO, ("人社",), " ")) == [("ORGANISER_MISSING", Severity.WARN)]
    assert q.check_organiser(WHO, ("人社",), "江城区人社局") == ()


def test_circumstances_are_read_as_they_are_stored_and_typed():
    known = Circumstances(
        "江城职院", Left.COLLEGE, date(2020, 6, 30), None, True, "东风电气", "", ("veteran",), ""
    )
    assert q.read_circumstances(q.stored_circumstances(known)) == known
    assert q.parse_circumstances(q.typed_circumstances(known)) == known
    assert q.read_circumstances(None) == Circumstances()


@pytest.mark.parametrize(
    "fields",
    [{"left_on": "去年"}, {"left": "幼儿园"}, {"employed": "也许"}, {"groups": "graduate"}, {"employer_uscc": "123"},
     {"school": "校" * 101}],
)  # fmt: skip
def test_a_circumstance_that_cannot_be_read_is_refused(fields):
    with pytest.raises(AppError) as caught:
        q.parse_circumstances(fields)
    assert caught.value.code == "CIRCUMSTANCE_WRONG"


def test_an_unknown_circumstance_is_refused():
    with pytest.raises(AppError) as caught:
        q.parse_circumstances({"height": "180"})
    assert caught.value.code == "FIELD_UNKNOWN"
