"""Papers of figures in Excel and PDF: the same words in both, whichever paper it is."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.figures import FigureColumn, FigureTable
from desktop_app.excel.figure_workbooks import FIGURE_KINDS
from desktop_app.excel.paper_workbooks import WORKBOOKS
from desktop_app.papers import INSTITUTION_PAPERS
from tests.papers.pdf_reading import page_texts

HEAD = PaperHead("湖北江城职业技术学院", "", datetime(2020, 12, 31, 1, tzinfo=UTC))
WORDS = ("某表", "参训人数", "斯琴·高娃𬭎", "=1+1", "1,234.50", "合计", "截至 2020-12-31")


def sample(kind: str) -> FigureTable:
    """Return a table of a paper: long words, a supplementary-plane name, what looks like a formula, an amount."""
    columns = (
        FigureColumn("序号", "right"),
        FigureColumn("参训人数", wide=True),
        FigureColumn("金额", "right"),
    )
    rows = (
        ("1", "斯琴·高娃𬭎", "1,234.50"),
        ("2", "=1+1", "0.00"),
        *((str(n), "武汉", "1.00") for n in range(3, 60)),
    )
    content: type[FigureTable] = INSTITUTION_PAPERS[kind].content
    return content(HEAD, "某表", (), columns, rows, (("合计", None, "1,291.50"),), ("截至 2020-12-31",))


@pytest.mark.parametrize("kind", FIGURE_KINDS)
def test_a_paper_of_figures_says_the_same_in_excel_and_pdf(kind: str) -> None:
    content, out, pdf = sample(kind), io.BytesIO(), io.BytesIO()
    code = WORKBOOKS[kind](out, content)
    cells = [
        cell for row in openpyxl.load_workbook(out).worksheets[0] for cell in row if cell.value is not None
    ]
    made = INSTITUTION_PAPERS[kind].build(pdf, content)
    assert made.content_code == code
    assert made.missing_glyphs == ()
    texts = page_texts(pdf.getvalue())
    assert len(texts) == made.pages > 1
    said = "\n".join(str(cell.value) for cell in cells)
    for word in WORDS:
        assert word in said or word.replace(",", "") in said, word
        assert word.replace(" ", "") in "".join(texts), word
    assert all(cell.data_type != "f" for cell in cells)
    assert all("参训人数" in text for text in texts)  # the head stands on every page


def test_every_institution_paper_with_a_workbook_has_a_writer() -> None:
    assert {kind for kind, paper in INSTITUTION_PAPERS.items() if "xlsx" in paper.formats} <= set(WORKBOOKS)
