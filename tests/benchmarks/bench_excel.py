"""Excel in and Excel out, one after the other in one run."""

from __future__ import annotations

from tests.benchmarks import bench_excel_in, bench_excel_out
from tests.benchmarks.measuring import Report


def run(report: Report) -> None:
    """Measure both."""
    bench_excel_in.run(report)
    bench_excel_out.run(report)
