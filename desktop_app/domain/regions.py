"""Regions (GB/T 2260): look-up, full names, and what lies within an approval area (R07).

Codes have six digits. 仙桃 429004, 潜江 429005, 天门 429006 and 神农架 429021 are four units of their own:
the prefix 4290 means nothing. 功能区 with bureaus of their own are dated children of their city.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

import resources

HUBEI = "420000"
CODE_DIGITS = 6
_PLACEHOLDERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


class RegionLevel(StrEnum):
    """Administrative level; 仙桃, 潜江, 天门 and 神农架 are county units without a city above them."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Region:
    """A region: ``last_listed`` ("2018-01") is set where the code is no longer in use."""

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    since: date | None = None
    last_listed: str | None = None

    @property
    def is_current(self) -> bool:
        """Tell whether the present table has the code."""
        return self.last_listed is None


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = resources.load_json("codes", "regions.json")
    return data


@cache
def _zones() -> dict[str, Region]:
    return {
        row["code"]: Region(
            row["code"], row["name"], RegionLevel.ZONE, row["parent"], date.fromisoformat(row["from"])
        )
        for row in _data()["zones"]
    }


def is_direct_unit(code: str) -> bool:
    """Tell whether a county unit stands directly under its province (xx90xx, e.g. 429004)."""
    return code[2:4] == "90" and code[4:6] != "00"


def region_level(code: str) -> RegionLevel:
    """Return the level that the digits of a code say."""
    if code in _zones():
        return RegionLevel.ZONE
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.CITY if code.endswith("00") else RegionLevel.COUNTY


def parent_code(code: str) -> str | None:
    """Return the code above, None for a province; the four direct units of Hubei lie under the province."""
    zone = _zones().get(code)
    if zone:
        return zone.parent
    if code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") or is_direct_unit(code) else code[:4] + "00"


def region(code: str) -> Region | None:
    """Return a region, current, 功能区 or former; None where no table has the code."""
    zone = _zones().get(code)
    if zone:
        return zone
    name = _data()["current"].get(code)
    if name is not None:
        return Region(code, name, region_level(code), parent_code(code))
    former = _data()["former"].get(code)
    if former is None:
        return None
    return Region(code, former[0], region_level(code), parent_code(code), last_listed=former[1])


def region_name(code: str, *, full: bool = True) -> str:
    """Return 湖北省武汉市江夏区 for 420115 (江夏区 when not ``full``); an unknown code is its own name."""
    found = region(code)
    if found is None:
        return code
    if not full or found.parent is None:
        return found.name
    above = found.parent if region(found.parent) else code[:2] + "0000"
    return _join(region_name(above), found.name)


def _join(above: str, name: str) -> str:
    for placeholder in _PLACEHOLDERS:
        if above.endswith(placeholder) and above != placeholder:
            above = above.removesuffix(placeholder)
    return above + name


def children(code: str, on: date | None = None) -> tuple[Region, ...]:
    """Return the current regions directly below, by code; with ``on`` without the 功能区 that are younger."""
    below = [
        region(child) for child in _data()["current"] if parent_code(child) == code and child[2:] != "9000"
    ]
    zones = [zone for zone in _zones().values() if zone.parent == code]
    if on:
        zones = [zone for zone in zones if zone.since is None or zone.since <= on]
    return tuple(sorted([r for r in below if r] + zones, key=lambda r: r.code))


def area_within(code: str, area: str) -> bool:
    """Tell whether a place (region code) lies in an approval area.

    A province holds all of its codes, a city its counties and 功能区, a county or 功能区 itself only. A 功能区
    is no part of the county whose ground it shares. 4290 is no city: nothing but 429004 lies within 429004.
    """
    code, area = code[:CODE_DIGITS], area[:CODE_DIGITS]
    if len(code) != CODE_DIGITS or len(area) != CODE_DIGITS:
        return False
    while code != area:
        above = parent_code(code)
        if above is None:
            return False
        code = above
    return True


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    rows = [(code, name) for code, name in _data()["current"].items() if name not in _PLACEHOLDERS]
    rows += [(zone["code"], zone[key]) for zone in _data()["zones"] for key in ("name", "short")]
    for code, name in rows:
        full = region_name(code)
        for spoken in {name, full, full.removeprefix(region_name(code[:2] + "0000"))}:
            found.setdefault(spoken, []).append(code)
    return {spoken: tuple(codes) for spoken, codes in found.items()}


@lru_cache(maxsize=2048)
def find_region(text: str, within: str | None = HUBEI) -> Region | None:
    """Return the region of a code, name or full name (武汉市江夏区) within an area (None: anywhere).

    None where it is unknown or ambiguous.
    """
    wanted = "".join(text.split())
    if wanted.isdecimal():
        return region(wanted)
    hits = [code for code in _by_name().get(wanted, ()) if within is None or area_within(code, within)]
    return region(hits[0]) if len(hits) == 1 else None
