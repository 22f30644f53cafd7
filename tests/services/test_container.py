"""Services are loaded and made when they are asked for, each once."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop_app.services import container
from desktop_app.services.container import Services
from tests.factories.offices import Office
from tests.source_tree import ROOT

_NOT_MADE = {"profile", "context", "reporting", "exchange", "membership", "schedule"}  # handed in from above
NAMES = sorted(set(Services.__annotations__) - _NOT_MADE)


def test_every_service_that_is_named_can_be_made(office: Office) -> None:
    """Of the class that its annotation says; what is first needed is among them."""
    services = office.as_role("office")
    for name in NAMES:
        made = getattr(services, name)
        assert type(made).__name__ == Services.__annotations__[name]
        assert getattr(services, name) is made
    assert set(container.FIRST) <= set(NAMES) == set(container._MADE)


def test_a_service_that_is_not_there_is_an_attribute_error(office: Office) -> None:
    """As for any object."""
    services = office.as_role("office")
    with pytest.raises(AttributeError):
        services.no_such_service  # type: ignore[attr-defined]  # noqa: B018


def test_two_threads_get_the_same_service(office: Office) -> None:
    """Whoever comes first."""
    services = office.as_role("office")
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(services.imports)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    assert services.imports._evidence is services.evidence  # type: ignore[attr-defined]


def test_the_first_screen_loads_neither_workbooks_nor_papers_nor_mapped_classes() -> None:
    """They cost half a second, which a login would wait for."""
    told = (
        "import sys; from desktop_app import bootstrap; bootstrap.load_services(everything=False);"
        "print(*sorted(set(sys.modules) & {'sqlalchemy.orm', 'python_calamine', 'reportlab', 'PIL', 'openpyxl',"
        " 'desktop_app.store.models', 'desktop_app.services.imports.service', 'alembic'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
