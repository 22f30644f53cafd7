"""A roster of 1,000 pages against a bare reportlab canvas that draws the same cells in the same places."""

from __future__ import annotations

import io
import itertools
import time
from datetime import UTC, datetime

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from desktop_app.domain.papers import PaperHead, Roster, RosterLine
from desktop_app.papers import roster
from desktop_app.papers.fonts import BODY, font
from desktop_app.papers.watching import watched
from tests.benchmarks.measuring import LEAST_RUNS, Report, in_turns, require

PAGES = 1000
AT_MOST = 1.5
CANCEL_MS = 200
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("建国", "春梅", "雨", "志强", "子涵", "秀英", "𬭎")
_FIRMS = ("武汉某某机电设备有限公司", "江城钢结构公司", "")


def run(report: Report, pages: int = PAGES) -> None:
    """Measure at full size, in turns; then how soon a paper that is no longer wanted stops."""
    lines, rows = _lines(pages)
    head = PaperHead("江城职业学院", "电工2020-01班", datetime(2020, 11, 12, tzinfo=UTC))
    content = Roster(head, tuple(lines))
    made = roster.build(io.BytesIO(), content)
    require(abs(made.pages - pages) <= pages * 0.05 + 2, f"{pages} pages, not {made.pages}")
    per_page = -(-len(lines) // made.pages)
    taken = in_turns(
        {
            "product": lambda _n: roster.build(io.BytesIO(), content),
            "bare": lambda _n: _bare([_cells(line) for line in lines], per_page),
        },
        LEAST_RUNS,
        warm=0,
    )
    report.slower(f"roster of {made.pages} pages", taken["product"], taken["bare"], at_most=AT_MOST)
    report.figure("a roster stops after cancel", _until_stopped(content), "ms", at_most=CANCEL_MS)
    report.note(f"{len(lines)} people, {rows} rows a page measured first")


def _lines(pages: int) -> tuple[list[RosterLine], int]:
    """Return as many people as fill so many pages, and how many stand on one."""
    few = [_line(number) for number in range(1, 201)]
    head = PaperHead("江城职业学院", "电工2020-01班", datetime(2020, 11, 12, tzinfo=UTC))
    per_page = 200 // roster.build(io.BytesIO(), Roster(head, tuple(few))).pages
    longer = [_line(number) for number in range(1, per_page * 40 + 1)]
    per_page = len(longer) // roster.build(io.BytesIO(), Roster(head, tuple(longer))).pages
    return [_line(number) for number in range(1, per_page * pages + 1)], per_page


def _line(n: int) -> RosterLine:
    return RosterLine(
        number=n,
        name=_SURNAMES[n % 16] + _GIVEN[n % 7],
        document_number=f"4201**********{n % 10000:04d}",
        sex="男" if n % 2 else "女",
        ethnicity="汉族",
        age=20 + n % 40,
        education="大专",
        category="企业在岗职工",
        student_number=f"2020{n:06d}",
        major="电气自动化技术",
        employer=_FIRMS[n % 3],
        post="装配工",
        household="湖北省武汉市洪山区",
        phone=f"138****{n % 10000:04d}",
        evidence=f"劳动合同：WH{n:06d}",
    )


def _cells(line: RosterLine) -> tuple[str, ...]:
    return (
        str(line.number), line.name, line.sex, line.ethnicity, line.document_number, str(line.age), line.education,
        line.category, line.key_group, f"{line.student_number}/{line.major}", f"{line.employer}/{line.post}",
        line.household, line.phone, line.evidence,
    )  # fmt: skip


def _bare(rows: list[tuple[str, ...]], per_page: int) -> None:
    """Draw a frame and a line of text for every cell; nothing is measured, wrapped, counted or headed."""
    name = font(BODY).fontName
    canvas = Canvas(io.BytesIO(), pagesize=landscape(A4), pageCompression=1)
    width, height = landscape(A4)
    across, down = (width - 48) / 14, (height - 90) / per_page
    for start in range(0, len(rows), per_page):
        canvas.setFont(name, 8)
        canvas.setLineWidth(0.35)
        y = height - 45
        for row in rows[start : start + per_page]:
            y -= down
            x = 24.0
            for text in row:
                canvas.rect(x, y, across, down)
                canvas.drawString(x + 2, y + 4, text)
                x += across
        canvas.showPage()
    canvas.save()


def _until_stopped(content: Roster) -> float:
    """Return the longest time in ms between two moments at which a paper under the making can be stopped."""
    looked = [time.perf_counter()]
    with watched(lambda _done, _total: looked.append(time.perf_counter())):
        roster.build(io.BytesIO(), content)
    require(len(looked) > content.lines[-1].number, "a look for each row")
    looked.append(time.perf_counter())
    return max(after - before for before, after in itertools.pairwise(looked)) * 1000
