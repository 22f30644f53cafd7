"""Sites: a name of their own, a known region, and what the region of a class's site says in its report."""

from __future__ import annotations

import pytest

from desktop_app.domain.listings.training import SiteListItem
from desktop_app.services.container import Services
from tests.factories.offices import Office
from tests.services.store_facts import entries, newest, refusal


def _site(services: Services, name: str) -> SiteListItem:
    return next(item for item in services.sites.list_sites() if item.name == name)


def _reported_region(services: Services, class_id: bytes) -> object:
    """Return the region that the roster's statement says of a class."""
    with services.batches.view() as view:
        record = next(one for one in view.statement("roster", class_id) if one.kind == "class")
    return record.fields["region"]


def test_a_site_is_listed_with_its_classes(office: Office) -> None:
    """Names come in order, blanks around them are gone."""
    services = office.as_role("office")
    services.sites.add_site(" 沌口校区 ", "420113", " 东风大道1号 ")
    assert [item.name for item in services.sites.list_sites()] == ["本部", "沌口校区"]
    assert _site(services, "沌口校区").address == "东风大道1号"
    services.classes.edit_class(office.class_id, {"site_id": office.site_id})
    assert [(item.name, item.classes) for item in services.sites.list_sites()] == [
        ("本部", 1),
        ("沌口校区", 0),
    ]


@pytest.mark.parametrize(
    ("name", "region", "error"),
    [
        (" ", "420111", "SITE_NAME_MISSING"),
        ("本部", "420111", "SITE_EXISTS"),
        (" 本部 ", "420111", "SITE_EXISTS"),
        ("二校区", "999999", "REGION_UNKNOWN"),
        ("二校区", "", "REGION_UNKNOWN"),
    ],
)
def test_a_site_needs_a_name_of_its_own_and_a_known_region(
    office: Office, name: str, region: str, error: str
) -> None:
    """What is refused leaves no entry."""
    services = office.as_role("office")
    before = entries(office)
    assert refusal(services.sites.add_site, name, region) == error
    assert entries(office) == before
    services.sites.add_site("二校区", "420111")


def test_an_edit_changes_what_is_named_and_keeps_the_rest(office: Office) -> None:
    """A region of the 功能区 counts as known; an address can be taken away."""
    services = office.as_role("office")
    services.sites.edit_site(office.site_id, {"address": ""})
    found = _site(services, "本部")
    assert (found.region, found.address) == ("420111", "")
    services.sites.edit_site(office.site_id, {"name": "马房山校区", "region": "420106"})
    found = _site(services, "马房山校区")
    assert (found.id, found.region) == (office.site_id, "420106")
    assert newest(office).command == "edit_site"


def test_the_own_name_of_a_site_is_not_taken_by_itself(office: Office) -> None:
    """Blanks around the present name change nothing; another site's name is refused."""
    services = office.as_role("office")
    services.sites.add_site("沌口校区", "420113")
    services.sites.edit_site(office.site_id, {"name": " 本部 ", "address": "珞喻路3号"})
    assert _site(services, "本部").address == "珞喻路3号"
    assert refusal(services.sites.edit_site, office.site_id, {"name": "沌口校区"}) == "SITE_EXISTS"
    assert refusal(services.sites.edit_site, office.site_id, {"name": ""}) == "SITE_NAME_MISSING"


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"region": "42"}, "REGION_UNKNOWN"), ({"phone": "1"}, "FIELD_UNKNOWN")],
)
def test_an_edit_refuses_what_a_site_does_not_have(
    office: Office, fields: dict[str, str], error: str
) -> None:
    """Unknown regions and unknown fields alike."""
    services = office.as_role("office")
    assert refusal(services.sites.edit_site, office.site_id, fields) == error


def test_a_site_that_is_not_there_is_refused(office: Office) -> None:
    """By the site's own form, by a class and by a new class."""
    services = office.as_role("office")
    nobody = bytes(16)
    assert refusal(services.sites.edit_site, nobody, {"address": "x"}) == "SITE_UNKNOWN"
    assert refusal(services.classes.edit_class, office.class_id, {"site_id": nobody}) == "SITE_UNKNOWN"
    assert refusal(lambda: services.classes.create_class("钳工01班", site_id=nobody)) == "SITE_UNKNOWN"


def test_a_class_reports_the_region_of_its_site(office: Office) -> None:
    """Without a site, or after it was taken away, the institution's own."""
    services = office.as_role("office")
    assert _reported_region(services, office.class_id) == "420111"
    far = services.sites.add_site("仙桃教学点", "429004")
    services.classes.edit_class(office.class_id, {"site_id": far})
    assert _reported_region(services, office.class_id) == "429004"
    services.sites.edit_site(far, {"region": "420112"})
    assert _reported_region(services, office.class_id) == "420112"
    services.classes.edit_class(office.class_id, {"site_id": None})
    assert _reported_region(services, office.class_id) == "420111"


def test_a_class_says_where_it_is_held(office: Office) -> None:
    """A class can get its site when it is made."""
    services = office.as_role("office")
    made = services.classes.create_class("钳工01班", site_id=office.site_id)
    found = services.classes.get_class(made)
    assert (found.site_id, found.site_name) == (office.site_id, "本部")
    assert services.classes.get_class(office.other_class_id).site_id is None


def test_a_class_can_be_handed_to_advisers_and_the_office_only(office: Office) -> None:
    """Disabled accounts and other roles are not offered."""
    services = office.as_role("office")
    assert [item.login for item in services.classes.list_advisers()] == ["adviser", "office"]
    office.as_role("admin").accounts.disable("adviser", "office")
    assert [item.login for item in office.as_role("office").classes.list_advisers()] == ["office"]
    assert refusal(office.as_role("teacher").classes.list_advisers) == "NOT_PERMITTED"
