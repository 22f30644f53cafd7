"""Money and figures: the office books and allocates, everybody who answers for it reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop_app.domain.performance import Money, Recipient
from desktop_app.domain.statistics import Scope
from desktop_app.services.container import Services
from desktop_app.services.figures import STATISTICS
from tests.factories.offices import TODAY, Office

EXPECTED = {
    "add_income": "office",
    "add_cost": "office",
    "remove_ledger_line": "office",
    "set_performance_ratio": "office",
    "record_pool_approval": "office",
    "allocate_performance": "office",
    "send_figures": "office",
    "begin_year": "office",
}
NOTHING_THERE = {
    "begin_year": {"NEW_YEAR_NOTHING"},
    "remove_ledger_line": {"LEDGER_LINE_UNKNOWN"},
    "allocate_performance": {"ALLOCATION_OVER_POOL"},
}
YEAR = Scope(date(2020, 1, 1), date(2020, 12, 31))
ATTEMPTS = {
    "add_income": lambda s, o: s.performance.add_income(o.class_id, Money("subsidy", 10_000, TODAY)),
    "add_cost": lambda s, o: s.performance.add_cost(o.class_id, Money("teaching", 6_000, TODAY)),
    "remove_ledger_line": lambda s, o: s.performance.remove_line("income", b"\3" * 16, "重复"),
    "set_performance_ratio": lambda s, o: s.performance.set_ratio(2020, 3000, "武人社〔2020〕9号"),
    "record_pool_approval": lambda s, o: s.performance.record_approval(2020, 0, TODAY, "武人社〔2020〕10号"),
    "allocate_performance": lambda s, o: s.performance.allocate(2020, Recipient.TEACHER, o.teacher_id, 100),
    "begin_year": lambda s, o: s.new_year.begin(2021),
    "send_figures": lambda s, o: s.figures.send(STATISTICS, YEAR, "武汉市人社局"),
}


def _booked(services: Services, office: Office) -> bytes:
    """Return a line of income that leaves something to allocate."""
    return services.performance.add_income(office.class_id, Money("subsidy", 10_000, TODAY))


def _removing(services: Services, office: Office) -> Callable[[], object]:
    line = _booked(services, office)
    return lambda: services.performance.remove_line("income", line, "重复")


def _allocating(services: Services, office: Office) -> Callable[[], object]:
    _booked(services, office)
    return lambda: services.performance.allocate(2020, Recipient.TEACHER, office.teacher_id, 4_000)


def _turning(services: Services, office: Office) -> Callable[[], object]:
    services.projects.create_project("DG-2020-01", "电工2020年培训", {"trade": "电工", "hours": 60})
    return lambda: services.new_year.begin(2021)


PREPARED = {"begin_year": _turning, "remove_ledger_line": _removing, "allocate_performance": _allocating}
