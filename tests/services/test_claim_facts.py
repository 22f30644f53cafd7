"""What the records say of a claim."""

from __future__ import annotations

from desktop_app.domain.records import PROJECT, PROJECT_VERSION, TRAINING_CLASS
from desktop_app.services.claim_facts import catalogue_fen
from desktop_app.services.projects import version_fields
from tests.factories.offices import Office


def test_a_class_is_paid_by_the_catalogue_entry_that_it_opened_on(office: Office) -> None:
    """R09: a later version of the project changes no amount of the class."""
    context = office.as_role("office").context
    project = context.new_id()
    with context.unit_of_work("edit_class") as work:
        work.put(PROJECT, project, {"code": "WH-1", "name": "电工", "origin": "own", "subsidy_fen": 90_000})
        for version, fen in ((1, 60_000), (2, 90_000)):
            fields = version_fields({"subsidy_fen": fen})
            work.put(PROJECT_VERSION, PROJECT_VERSION.join_key((project, version)), fields)
    found = []
    for version in (1, 2, None):
        with context.unit_of_work("edit_class") as work:
            work.put(TRAINING_CLASS, office.class_id, {"project_id": project, "catalogue_version": version})
        with context.read() as sql:
            found.append(catalogue_fen(sql, office.class_id))
            assert catalogue_fen(sql, office.other_class_id) == 0
    assert found == [60_000, 90_000, 90_000]
