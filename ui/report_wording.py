"""How reports and their states read, wherever they are shown."""

from __future__ import annotations

from desktop_app.domain.listings.reporting import ReportListItem
from ui.i18n import has_text, tr


def kind_text(kind: str) -> str:
    """Return 开班备案, 名册, 课程与考勤 … of a kind of report."""
    key = f"report_kind.{kind}"
    return tr(key) if has_text(key) else kind


def state_text(item: ReportListItem) -> str:
    """Return the state of a report with its number and 校内审核, e.g. △ 上报后变更 3 项，待校内审核."""
    counts = {"changed": item.changed, "rejected": item.rejected}
    state = tr(f"report_state.{item.state}", count=counts.get(item.state, item.records))
    return tr(f"review_state.{item.review}", state=state, reason=item.review_reason) if item.review else state
