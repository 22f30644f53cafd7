"""GB/T 2260 and approval areas (R07)."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.regions import (
    HUBEI,
    RegionLevel,
    area_within,
    children,
    find_region,
    parent_code,
    region,
    region_name,
)


def test_hubei_has_17_units_below_it() -> None:
    below = children(HUBEI)
    assert len(below) == 17
    assert {r.code for r in below if r.level == RegionLevel.COUNTY} == {
        "429004",
        "429005",
        "429006",
        "429021",
    }


def test_every_city_of_hubei_has_its_counties() -> None:
    counties = {
        city.code: len(children(city.code)) for city in children(HUBEI) if city.level == RegionLevel.CITY
    }
    assert counties["420100"] == 13 + 2
    assert counties["422800"] == 8
    assert min(counties.values()) >= 3


def test_all_34_provinces_are_there() -> None:
    provinces = [region(f"{n:02d}0000") for n in range(11, 83)]
    assert sum(found is not None for found in provinces) == 34


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("420000", "湖北省"),
        ("420115", "湖北省武汉市江夏区"),
        ("429004", "湖北省仙桃市"),
        ("110105", "北京市朝阳区"),
        ("422801", "湖北省恩施土家族苗族自治州恩施市"),
        ("420171", "湖北省武汉市东湖新技术开发区"),
        ("999999", "999999"),
    ],
)
def test_full_names(code: str, name: str) -> None:
    assert region_name(code) == name


def test_short_names() -> None:
    assert region_name("420115", full=False) == "江夏区"


def test_former_codes_are_known_as_such() -> None:
    former = region("420821")
    assert former is not None
    assert former.name == "京山县"
    assert not former.is_current
    present = region("420882")
    assert present is not None
    assert present.is_current
    assert region("429999") is None


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("420115", "420115"),
        ("420115", "420100"),
        ("420115", "420000"),
        ("429004", "420000"),
        ("429004", "429004"),
        ("420171", "420100"),
        ("420171", "420171"),
        ("420171", "420000"),
        ("420115004000", "420115"),
    ],
)
def test_a_place_lies_in_its_own_areas(code: str, area: str) -> None:
    assert area_within(code, area)


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("420115", "420116"),
        ("420100", "420115"),
        ("420115", "420200"),
        ("429004", "429005"),
        ("429005", "429004"),
        ("429004", "429000"),
        ("429021", "429006"),
        ("420171", "420111"),
        ("420111", "420171"),
        ("430100", "420000"),
        ("", "420000"),
        ("420115", ""),
    ],
)
def test_a_place_lies_in_no_other_area(code: str, area: str) -> None:
    assert not area_within(code, area)


def test_the_four_direct_units_hang_from_the_province() -> None:
    assert [parent_code(code) for code in ("429004", "420115", "420100", "420000")] == [
        HUBEI,
        "420100",
        HUBEI,
        None,
    ]


def test_a_development_zone_is_a_child_from_its_date_on() -> None:
    before = {r.code for r in children("420100", date(1993, 4, 3))}
    after = {r.code for r in children("420100", date(1993, 4, 4))}
    assert after - before == {"420172"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("江夏区", "420115"),
        ("武汉市江夏区", "420115"),
        ("湖北省武汉市江夏区", "420115"),
        ("仙桃市", "429004"),
        ("420115", "420115"),
        ("东湖高新区", "420171"),
    ],
)
def test_regions_are_found_by_name(text: str, code: str) -> None:
    found = find_region(text)
    assert found is not None
    assert found.code == code


def test_ambiguous_and_foreign_names_are_not_guessed() -> None:
    assert find_region("朝阳区", within=None) is None
    assert find_region("长沙市") is None
    elsewhere = find_region("长沙市", within=None)
    assert elsewhere is not None
    assert elsewhere.code == "430100"
