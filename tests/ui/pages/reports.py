"""Reports and problems as the reporting service would list them, about the classes of the sample profile."""

from __future__ import annotations

from desktop_app.domain.listings.reporting import PreflightProblem, RejectedListItem, ReportListItem


def report(
    desk, kind, state, *, code="电工2020-02班", version=None, records=12, changed=0, rejected=0, review=""
):
    """A report of a class; accepted ones are at their first version."""
    class_id = desk.class_id(code)
    number = version if version is not None else int(state in {"accepted", "changed", "rejected"})
    return ReportListItem(kind, class_id.hex(), class_id, code, state, number, records, changed, rejected, 0,
                          review)  # fmt: skip


def problem(desk, kind, key, *, report_kind="roster", severity="error"):
    """What the pre-flight finds on a record."""
    class_id = desk.class_id()
    return PreflightProblem(report_kind, class_id, "电工2020-02班", kind, key, "苏国", "phone", "PHONE_MISSING",
                            severity, {})  # fmt: skip


def rejected(desk, kind, key):
    """A record that came back."""
    class_id = desk.class_id()
    return RejectedListItem("certificate", class_id, "电工2020-02班", kind, key, "苏国", "number",
                            "CERTIFICATE_EMPTY", {}, False)  # fmt: skip
