"""R07: what 县 or 市 passed is taught in that area only; 省 anywhere in Hubei (三.1)."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from tests.e2e.rules.departments import CODE, departments
from tests.factories.command_line import CommandLine
from tests.factories.profiles import open_desk

PLACE = "黄陂实训基地"
CLASS = "电工2021-02班"


def test_r07_a_session_outside_the_area_is_refused_until_a_higher_level_passes(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit("city")
        platform.answer("approve")
        add_site(client, PLACE, "420116")
        client.run("class", "create", "--code", CLASS, "--project", CODE)
        plan = ("--start", "14:00", "--end", "17:20", "--hours", 4, "--content", "直流电路")
        client.run("session", "add", "--class", CLASS, "--date", "2021-01-11", "--teacher", "周敏", *plan)
        move = (
            "session",
            "reschedule",
            "--class",
            CLASS,
            "--session",
            1,
            "--reason",
            "换场地",
            "--site",
            PLACE,
        )
        said = client.violates("R07", *move, names=(CLASS, PLACE, "黄陂区", "洪山区"))
        assert said == "OUTSIDE_PROJECT_AREA"
        platform.answer("approve")
        assert client.warned("R07", *move) == []


def test_r07_a_class_of_a_site_outside_the_area_is_refused(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit()
        platform.answer("approve")
        add_site(client, "本部", "420111")
        add_site(client, "潜江基地", "429005")
        with open_desk(client.profile) as desk:
            project = desk.services.projects.list_projects()[0]
            sites = {one.name: one.id for one in desk.services.sites.list_sites()}
            created = desk.services.classes.create_class(
                CLASS, project_code=project.code, site_id=sites["本部"]
            )
            refusal = refused(
                lambda: desk.services.classes.edit_class(created, {"site_id": sites["潜江基地"]})
            )
        assert (refusal.code, refusal.params["place"]) == ("OUTSIDE_PROJECT_AREA", "潜江基地")


def refused(act):
    """Return the error of an act that is refused."""
    with pytest.raises(AppError) as caught:
        act()
    return caught.value


def add_site(client: CommandLine, name: str, region: str) -> None:
    """Add a 教学点 in a county."""
    with open_desk(client.profile) as desk:
        desk.services.sites.add_site(name, region)
