"""Where a project may be taught: 县/市 pass in that area only, 省 anywhere in Hubei (三.1, R07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.domain.errors import AppError
from desktop_app.domain.projects.approval import Standing
from desktop_app.domain.regions import area_within, region_name
from desktop_app.domain.rules import Finding, Severity, rule


def common_areas(standings: Sequence[Standing]) -> tuple[str, ...]:
    """Return the areas that every track has passed for, the smallest first; both audiences need both (三.1, R05)."""
    offered = dict.fromkeys(area for one in standings for area in one.areas)
    return tuple(
        area
        for area in sorted(offered, key=lambda code: sum(area_within(other, code) for other in offered))
        if all(any(area_within(area, passed) for passed in one.areas) for one in standings)
    )


@rule("R07")
def check_area(
    region: str | None, areas: Iterable[str], *, place: str, training_class: str
) -> tuple[Finding, ...]:
    """Check the region of a 教学点 against the areas that a project is passed for.

    For an online session ``region`` is the class's own approval area. A place without region blocks as well: nothing
    could be said of it. ``place`` and ``training_class`` name the cause.
    """
    passed = tuple(areas)
    named = {"place": place, "training_class": training_class}
    if region is None:
        return (
            Finding("R07", Severity.BLOCK, AppError("PLACE_REGION_MISSING", **named), "site", field="region"),
        )
    if any(area_within(region, area) for area in passed):
        return ()
    told = "、".join(region_name(area) for area in passed)
    error = AppError("OUTSIDE_PROJECT_AREA", **named, region=region_name(region), areas=told or "—")
    return (Finding("R07", Severity.BLOCK, error, "site", field="region"),)
