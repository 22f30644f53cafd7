"""How reports and their states read, wherever they are shown."""

from __future__ import annotations

from desktop_app.domain.listings.reporting import PreflightProblem, RejectedListItem, ReportListItem
from ui.i18n import has_text, tr
from ui.messages import error_text

_OF_A_FIELD = "FIELD_"
"""How codes begin whose sentence says what is wrong with a field, not with which."""


def kind_text(kind: str) -> str:
    """Return 开班备案, 名册, 课程与考勤 … of a kind of report."""
    key = f"report_kind.{kind}"
    return tr(key) if has_text(key) else kind


def state_text(item: ReportListItem) -> str:
    """Return the state of a report with its number and 校内审核, e.g. △ 上报后变更 3 项，待校内审核."""
    counts = {"changed": item.changed, "rejected": item.rejected}
    state = tr(f"report_state.{item.state}", count=counts.get(item.state, item.records))
    return tr(f"review_state.{item.review}", state=state, reason=item.review_reason) if item.review else state


def problem_text(item: PreflightProblem | RejectedListItem) -> str:
    """Return what is wrong with a record, with the name of the field where the sentence does not tell it."""
    problem = error_text(item.code, item.params)
    field = f"report.field.{item.field}"
    if item.code.startswith(_OF_A_FIELD) and has_text(field):
        return tr("report.in_field", field=tr(field), problem=problem)
    return problem
