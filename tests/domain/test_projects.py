"""The approval of projects, at both edges of every rule."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain import projects
from desktop_app.domain.errors import AppError
from desktop_app.domain.projects import Affiliation, Answer, Level, Stage, State, Step, Track

DAY = date(2020, 11, 2)
FULL = {
    "audience": "student",
    "institution": "湖北江城职业技术学院",
    "content": "安全用电",
    "form": "线下",
    "hours": 60,
    "schedule": "周末两天",
    "trade": "电工",
    "level": "skill5",
    "organisation": "湖北楚才职业技能评价中心",
    "fee_fen": 0,
    "subsidy_fen": 0,
}


def codes(findings):
    return [one.error.code for one in findings]


def step(level, answer, area, submission=1, reason=""):
    return Step(Track.LABOUR, submission, level, area, answer, DAY, reason)


@pytest.mark.parametrize(
    ("audiences", "tracks"),
    [
        (["student"], (Track.EDUCATION,)),
        (["employee", "key_group"], (Track.LABOUR,)),
        (["key_group", "student"], (Track.EDUCATION, Track.LABOUR)),
    ],
)
def test_the_track_follows_the_audience(audiences, tracks):
    assert projects.tracks_of(audiences) == tracks


def test_an_unknown_audience_is_refused():
    with pytest.raises(AppError) as caught:
        projects.tracks_of(["everyone"])
    assert caught.value.code == "AUDIENCE_UNKNOWN"


@pytest.mark.parametrize(
    ("affiliation", "region", "wanted", "areas"),
    [
        (Affiliation.COUNTY, "420115", Level.COUNTY, ["420115"]),
        (Affiliation.COUNTY, "420115", Level.PROVINCE, ["420115", "420100", "420000"]),
        (Affiliation.CITY, "420115", Level.PROVINCE, ["420100", "420000"]),
        (Affiliation.PROVINCE, "420111", Level.PROVINCE, ["420000"]),
        (Affiliation.MINISTRY, "420111", Level.PROVINCE, ["420000"]),
        (Affiliation.COUNTY, "429004", Level.PROVINCE, ["429004", "420000"]),
        (Affiliation.CITY, "429021", Level.CITY, ["429021"]),
    ],
)
def test_the_path_begins_at_the_own_level_and_skips_none(affiliation, region, wanted, areas):
    path = projects.approval_path(affiliation, region, wanted)
    assert [stage.area for stage in path] == areas
    assert [stage.level for stage in path] == sorted({stage.level for stage in path})


def test_a_project_cannot_ask_for_less_than_its_entry_level():
    with pytest.raises(AppError) as caught:
        projects.approval_path(Affiliation.PROVINCE, "420111", Level.CITY)
    assert caught.value.code == "PROJECT_LEVEL_BELOW"


def test_a_county_institution_needs_a_county():
    with pytest.raises(AppError) as caught:
        projects.approval_path(Affiliation.COUNTY, "420100", Level.CITY)
    assert caught.value.code == "AFFILIATION_REGION"


PATH = projects.approval_path(Affiliation.COUNTY, "420115", Level.PROVINCE)


def standing(*steps, submission=1):
    return projects.standing(Track.LABOUR, PATH, submission, steps)


def test_a_pass_is_good_for_its_area_while_the_next_level_is_pending():
    at = standing(step(Level.COUNTY, Answer.PASSED, "420115"))
    assert (at.state, at.pending, at.areas) == (State.PENDING, Stage(Level.CITY, "420100"), ("420115",))


def test_a_level_that_only_forwards_gives_no_area():
    at = standing(step(Level.COUNTY, Answer.FORWARD, "420115"))
    assert (at.pending, at.areas) == (Stage(Level.CITY, "420100"), ())


def test_all_levels_passed_ends_the_way():
    steps = [step(stage.level, Answer.PASSED, stage.area) for stage in PATH]
    at = standing(*steps)
    assert (at.state, at.pending, at.areas) == (State.PASSED, None, ("420115", "420100", "420000"))


def test_a_return_keeps_what_lower_levels_passed_and_the_next_submission_begins_below():
    steps = [
        step(Level.COUNTY, Answer.PASSED, "420115"),
        step(Level.CITY, Answer.RETURN, "420100", reason="课时不足"),
    ]
    at = standing(*steps)
    assert (at.state, at.areas, at.reason) == (State.RETURNED, ("420115",), "课时不足")
    again = standing(*steps, submission=2)
    assert (again.state, again.pending, again.areas) == (State.PENDING, PATH[0], ("420115",))
    refused = standing(*steps, step(Level.COUNTY, Answer.REFUSE, "420115", 2, "场地"), submission=2)
    assert (refused.state, refused.areas) == (State.REFUSED, ())


def test_a_draft_waits_for_nobody():
    assert standing(submission=0).state is State.DRAFT


def test_only_the_level_whose_turn_it_is_may_answer():
    at = standing(step(Level.COUNTY, Answer.PASSED, "420115"))
    assert projects.check_answer(at, Level.CITY, Answer.PASSED, "") == ()
    assert codes(projects.check_answer(at, Level.PROVINCE, Answer.PASSED, "")) == ["PROJECT_LEVEL_SKIPPED"]
    assert codes(projects.check_answer(at, Level.CITY, Answer.RETURN, " ")) == ["ANSWER_REASON_MISSING"]
    assert projects.check_answer(at, Level.CITY, Answer.REFUSE, "课时不足") == ()
    assert codes(projects.check_answer(standing(submission=0), Level.COUNTY, Answer.PASSED, "")) == [
        "PROJECT_NOT_PENDING"
    ]


def test_both_audiences_need_both_approvals():
    passed = standing(step(Level.COUNTY, Answer.PASSED, "420115"))
    assert projects.check_tracks(["key_group"], [passed], "P") == ()
    found = projects.check_tracks(["key_group", "student"], [passed], "P")
    assert [one.error.params["track"] for one in found] == ["project_track.education"]
    pending = standing()
    assert codes(projects.check_tracks(["employee"], [pending], "P")) == ["PROJECT_TRACK_PENDING"]


@pytest.mark.parametrize(
    ("region", "areas", "code"),
    [
        ("420115", ["420115"], None),
        ("420115", ["420100"], None),
        ("420115", ["420000"], None),
        ("420111", ["420115"], "OUTSIDE_PROJECT_AREA"),
        ("429005", ["429004"], "OUTSIDE_PROJECT_AREA"),
        ("429004", ["420000"], None),
        ("430102", ["420000"], "OUTSIDE_PROJECT_AREA"),
        ("420115", [], "OUTSIDE_PROJECT_AREA"),
        (None, ["420000"], "PLACE_REGION_MISSING"),
    ],
)
def test_a_project_is_taught_only_where_it_is_passed(region, areas, code):
    found = projects.check_area(region, areas, place="实训楼", training_class="电工2020-02班")
    assert codes(found) == ([code] if code else [])


@pytest.mark.parametrize(
    "field", [name for columns in projects.CATALOGUE_FIELDS.values() for name in columns]
)
def test_each_empty_catalogue_field_blocks(field):
    assert projects.check_catalogue(FULL, "P") == ()
    found = projects.check_catalogue(FULL | {field: None}, "P")
    assert [one.field for one in found] == [field]


def test_no_hours_are_an_empty_field_and_no_fee_is_an_answer():
    assert [one.field for one in projects.check_catalogue(FULL | {"hours": 0}, "P")] == ["hours"]
    assert projects.check_catalogue(FULL | {"fee_fen": 0}, "P") == ()


def test_a_class_keeps_the_version_it_opened_on():
    assert projects.governing_version(1, 3) == 1
    assert projects.governing_version(None, 3) == 3


SELECTION = projects.Selection("veterans", "鄂退役军人发〔2020〕3号", "退役军人培训经费", DAY)


@pytest.mark.parametrize(
    ("changes", "areas", "published", "expected"),
    [
        ({}, ("420000",), DAY, []),
        ({"department": "nobody"}, ("420000",), DAY, ["SELECTION_DEPARTMENT_UNKNOWN"]),
        ({}, ("420100",), DAY, ["SELECTION_NOT_IN_CATALOGUE"]),
        ({}, ("420000",), None, ["SELECTION_NOT_IN_CATALOGUE"]),
        ({}, ("420000",), date(2020, 11, 3), ["SELECTION_NOT_IN_CATALOGUE"]),
        ({"document": " "}, ("420000",), DAY, ["SELECTION_DOCUMENT_MISSING"]),
        ({"fund": ""}, ("420000",), DAY, ["SELECTION_FUND_MISSING"]),
    ],
)
def test_a_department_selects_from_the_published_catalogue(changes, areas, published, expected):
    fields = {name: getattr(SELECTION, name) for name in ("department", "document", "fund", "on")}
    chosen = projects.Selection(**(fields | changes))
    assert codes(projects.check_selection(chosen, areas, published, "电工2020-02班")) == expected


GROUND = {"survey": 1, "organisation": "评价中心", "enterprise": "光谷电气", "planned_on": DAY, "minutes": 1}


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, []),
        ({"survey": 0}, ["survey"]),
        ({"organisation": " "}, ["organisation"]),
        ({"enterprise": ""}, ["enterprise"]),
        ({"planned_on": None}, ["planned_on"]),
        ({"minutes": 0}, ["minutes"]),
        ({"minutes": 0, "signed": True}, []),
    ],
)
def test_a_project_carries_its_survey_and_plan(changes, lacking):
    found = projects.check_grounding(projects.Grounding(**(GROUND | changes)), "P")
    assert [one.field for one in found] == lacking
