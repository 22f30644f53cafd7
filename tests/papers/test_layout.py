from __future__ import annotations

import pytest

from desktop_app.domain.papers.codes import read_printed
from desktop_app.papers.columns import PADDING, SMALLEST, Column, fit
from desktop_app.papers.foot import Foot
from desktop_app.papers.tables import Table, lay_out, paginate
from desktop_app.papers.typesetting import Face, Typesetter
from tests.papers.sample_contents import head

FACE = Face(10)


def _wrap(text: str, characters: float) -> list[str]:
    return Typesetter().wrap(text, characters * 10, FACE)


def test_han_text_breaks_anywhere_within_the_width() -> None:
    assert _wrap("焊条电弧焊引弧", 4) == ["焊条电弧", "焊引弧"]


def test_no_line_begins_with_closing_punctuation() -> None:
    assert _wrap("焊条电弧，引弧", 4) == ["焊条电", "弧，引弧"]


def test_no_line_ends_with_an_opening_bracket() -> None:
    assert _wrap("焊条电（引弧）", 4) == ["焊条电", "（引弧）"]


def test_a_name_breaks_at_its_dot() -> None:
    assert _wrap("阿依古丽·买买提", 7) == ["阿依古丽·", "买买提"]


def test_a_number_is_not_broken_where_it_fits_on_a_line() -> None:
    assert _wrap("证号4201111971", 6.5) == ["证号", "4201111971"]


def test_a_word_wider_than_the_line_is_broken_and_not_cut() -> None:
    lines = _wrap("A" * 40, 5)
    assert len(lines) > 1
    assert "".join(lines) == "A" * 40


def test_an_empty_text_is_one_empty_line() -> None:
    assert _wrap("", 5) == [""]


def test_tabular_digits_have_one_width() -> None:
    setter, face = Typesetter(), Face(100, tabular=True)
    widths = [setter.width(digit * 10, face) for digit in "0123456789"]
    assert max(widths) - min(widths) < 100 * 10 * 0.016


def test_columns_fill_the_room_and_hold_their_longest_number() -> None:
    columns = [Column("序号"), Column("号码", tabular=True), Column("内容", align="left")]
    rows = [(str(number), "420111197111228610", "内容" * number) for number in range(1, 40)]
    widths, size = fit(Typesetter(), columns, rows, 400, 9)
    assert sum(widths) == pytest.approx(400)
    assert (
        widths[1] >= Typesetter().width("420111197111228610", Face(size, tabular=True)) + 2 * PADDING - 0.01
    )


def test_letters_get_smaller_before_a_number_is_broken() -> None:
    columns = [Column(str(index)) for index in range(5)]
    row = ("420111197111228610",) * 5
    assert fit(Typesetter(), columns, [row], 700, 9)[1] == 9
    assert SMALLEST <= fit(Typesetter(), columns, [row], 400, 9)[1] < 9


def _layout(rows: int, height: float = 20) -> object:
    table = Table((Column("甲"),), tuple((str(index),) for index in range(rows)), row_height=height)
    return lay_out(Typesetter(), table, 100).spread(height)


@pytest.mark.parametrize(
    ("rows", "shares"), [(0, [0]), (1, [1]), (8, [8]), (9, [7, 2]), (10, [8, 2]), (12, [10, 2])]
)
def test_signatures_never_stand_on_a_page_without_rows(rows: int, shares: list[int]) -> None:
    pages = paginate(_layout(rows), first=200, later=200, closing=40)  # type: ignore[arg-type]
    assert [len(page) for page in pages] == shares


def test_a_row_higher_than_a_page_is_cut_between_its_lines() -> None:
    table = Table((Column("甲"),), (("字" * 300,), ("末",)))
    layout = lay_out(Typesetter(), table, 60)
    pages = paginate(layout, first=200, later=200, closing=40)
    assert len(pages) > 2
    assert sum(len(row.cells[0].lines) for page in pages for row in page) == sum(
        len(row.cells[0].lines) for row in layout.body
    )
    assert all(sum(row.height for row in page) <= 200.01 for page in pages)


def test_the_qr_says_kind_class_number_time_and_code() -> None:
    foot = Foot.of(Typesetter(), "roster", head(), "0123456789", 2)
    assert foot.code.text() == "roster|焊工2020-03班|JCXY-2020-0012|20201209T1830|0123456789"
    assert read_printed(foot.code.text()) == foot.code
    for wrong in ("", "a|b|c|d|e", "roster|x|y|20201209T1830|z|sx", "https://example.cn"):
        assert read_printed(wrong) is None
