"""R22–R24: the annual report, the ledger and its pool, the allocation with the front-line share (五.二)."""

from __future__ import annotations

import pytest

from tests.e2e.rules.graduates import certified
from tests.e2e.rules.people import CLASS
from tests.factories.command_line import CommandLine
from tests.factories.profiles import ADMIN

YEAR = ("--year", "2020")


def booked(client: CommandLine, income: int, cost: int) -> None:
    """Book income and cost of the class in 2020, in 分."""
    line = ("--class", CLASS, "--date", "2020-11-25")
    client.run("performance", "income", *line, "--kind", "subsidy", "--fen", income)
    client.run("performance", "cost", *line, "--kind", "teaching", "--fen", cost)


def test_r22_annual_report_counts_volume_pass_and_certificates_by_their_days(client, tmp_path):
    certified(client, tmp_path)
    client.run("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    report = client.run("performance", "report", *YEAR)
    assert (report["classes"], report["trained"], report["people"], report["hours"]) == (1, 2, 2, 4)
    assert (report["examined"], report["passed"], report["certified"]) == (2, 1, 1)
    other = client.run("performance", "report", "--year", "2021")
    assert (other["trained"], other["passed"], other["certified"]) == (0, 0, 0)
    send = ("statistics", "send", "--kind", "performance", "--to", "武汉市人社局", *YEAR)
    assert client.warned("R22", *send) == ["YEAR_NOT_OVER"]
    (sent,) = client.run("statistics", "sent")["items"]
    assert (sent["kind"], sent["changes"]) == ("performance", [])
    out = tmp_path / "annual.pdf"
    assert client.run("performance", "paper", "annual", *YEAR, "--out", out)["bytes"] == out.stat().st_size


def test_r23_pool_is_forty_percent_of_what_is_left_and_nothing_of_a_loss(client, tmp_path):
    certified(client, tmp_path)
    booked(client, 10_000_000, 6_000_000)
    found = client.run("performance", "show", *YEAR)
    assert (found["income"], found["cost"], found["pool"]) == (10_000_000, 6_000_000, 1_600_000)
    assert (found["approved"], found["capital"]) == (False, "壹万陆仟元整")
    status, out, _ = client.call("performance", "show", *YEAR, as_json=False)
    assert (status, "待人社财政核定" in out) == (0, True)
    ratio = ("performance", "ratio", *YEAR, "--document", "武人社〔2020〕9号", "--ratio")
    assert client.violates("R23", *ratio, "4001", names=("40.01%", "40%")) == "PERFORMANCE_RATIO"
    client.run(*ratio, "3000")
    assert client.run("performance", "show", *YEAR)["pool"] == 1_200_000
    approve = ("performance", "approve", *YEAR, "--document", "武人社〔2020〕10号", "--fen")
    assert client.violates("R23", *approve, "1200001", names=("2020", "12,000.00")) == "APPROVAL_OVER_POOL"
    client.run(*approve, "1200000")
    assert client.run("performance", "show", *YEAR)["approved"]
    booked(client, 1, 90_000_000)
    assert client.run("performance", "show", *YEAR)["pool"] == 0


def test_r24_allocations_stay_within_the_pool_and_show_the_front_line_share(client, tmp_path):
    certified(client, tmp_path)
    booked(client, 10_000_000, 6_000_000)
    give = ("performance", "allocate", *YEAR)
    client.run(*give, "--teacher", "陈志强", "--fen", "1000000")
    over = (*give, "--account", "fuzeren", "--fen")
    assert (
        client.violates("R24", *over, "600001", names=("2020", "16,000.00", "0.01")) == "ALLOCATION_OVER_POOL"
    )
    client.run(*over, "600000")
    found = client.run("performance", "show", *YEAR)
    assert (found["allocated"], found["front_line_share"]) == (1_600_000, 6250)
    line = ("policy", "set", "front_line_share_warning")
    client.run(*line, "70%", "--from", "2020-01-01", user=ADMIN)
    assert client.warned("R24", *over, "600000") == ["FRONT_LINE_SHARE"]
    client.run(*line, "62.5%", "--from", "2020-01-02", user=ADMIN)
    assert client.warned("R24", *over, "600000") == []
    cost = (
        "performance",
        "cost",
        "--class",
        CLASS,
        "--date",
        "2020-11-26",
        "--kind",
        "other",
        "--fen",
        "100",
    )
    assert client.warned("R24", *cost) == ["ALLOCATION_OVER_POOL"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("performance", "show", "--year", "1999"), "YEAR_RANGE"),
        (("performance", "allocate", *YEAR, "--teacher", "没有此人", "--fen", "1"), "ALLOCATION_PERSON"),
        (("performance", "approve", *YEAR, "--fen", "0"), "APPROVAL_DOCUMENT"),
        (("performance", "remove", "income", "00" * 16, "--reason", "重复"), "LEDGER_LINE_UNKNOWN"),
        (("statistics", "count", "--from", "2020-12-31", "--until", "2020-01-01"), "SPAN_REVERSED"),
        (
            ("statistics", "send", "--from", "2021-01-01", "--until", "2021-12-31", "--to", "厅"),
            "REPORT_FUTURE",
        ),
    ],
)
def test_bad_input_is_refused_with_a_code(client, words, code):
    assert client.refused(*words) == code
