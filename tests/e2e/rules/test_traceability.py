"""The help page of the clauses is what the code says."""

from __future__ import annotations

from tests.e2e.rules.traceability import PAGE, page, traced


def test_the_page_of_clauses_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_rule_has_a_function_without_a_case_or_a_case_without_a_function():
    assert [one.rule for one in traced() if bool(one.functions) != bool(one.cases)] == []
