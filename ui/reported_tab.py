"""A tab of a class whose rows go up in reports: a column says what the province has not got yet, chips keep those."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from ui.i18n import tr
from ui.navigation import PageContext
from ui.panel_tab import PanelTab
from ui.widgets.cell_states import Tone
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_model import Column, ListTableModel

Row = TypeVar("Row")
RecordKey = tuple[str, bytes]
"""Kind of a record in the contract, and its key."""
RANK = ("rejected", "changed", "ready", "sealed")
"""What a row says whose records stand differently: the first of these; accepted is silent."""
_TONES = {"rejected": Tone.WRONG, "changed": Tone.WAITING, "ready": Tone.QUIET, "sealed": Tone.LOCKED}
BRINGS = frozenset({"batch", "platform_page"})


class ReportMarks(Generic[Row]):
    """The marks of a list's rows; ``keys`` names the records that a row stands for."""

    def __init__(self, keys: Callable[[Row], Iterable[RecordKey]]) -> None:
        self._keys = keys
        self._found: Mapping[RecordKey, str] = {}

    def take(self, found: Mapping[RecordKey, str]) -> None:
        """Keep what was read."""
        self._found = found

    def of(self, row: Row) -> str:
        """Return rejected, changed, ready or sealed; "" where the province has the row as it stands."""
        marks = {self._found.get(key, "") for key in self._keys(row)}
        return next((mark for mark in RANK if mark in marks), "")

    def words(self, row: Row) -> tuple[str, Tone, str]:
        """Return what is shown of a row's mark: text, tone, explanation."""
        return self._text(row), _TONES.get(self.of(row), Tone.PLAIN), self._detail(row)

    def column(self) -> Column[Row]:
        """Return the column that shows the marks."""
        return Column("reported", "report_mark.title", self._text, 112, sort=self._order,
                      tone=lambda row: _TONES.get(self.of(row), Tone.PLAIN), tooltip=self._detail)  # fmt: skip

    def _text(self, row: Row) -> str:
        mark = self.of(row)
        return tr(f"report_mark.{mark}") if mark else ""

    def _detail(self, row: Row) -> str:
        mark = self.of(row)
        return tr(f"report_mark.detail.{mark}") if mark else ""

    def _order(self, row: Row) -> int:
        mark = self.of(row)
        return RANK.index(mark) if mark else len(RANK)


class ReportedTab(PanelTab[Row]):
    """``reports``: the kinds of reports that carry the rows; marks come after the rows and hold up nothing."""

    def __init__(
        self,
        context: PageContext,
        key: str,
        model: ListTableModel[Row],
        marks: ReportMarks[Row],
        class_id: bytes,
        reports: Sequence[str],
        *,
        placeholder: str,
        empty: EmptyState,
        actions: Sequence[RowAction[Row]] = (),
        count_key: str = "table.count",
        kinds: Iterable[str] = (),
    ) -> None:
        self._marks, self._marked_class, self._reports = marks, class_id, tuple(reports)
        super().__init__(
            context,
            key,
            model,
            placeholder=placeholder,
            empty=empty,
            actions=actions,
            count_key=count_key,
            kinds={*kinds, *BRINGS},
        )
        self.filters.add_chips([(mark, tr(f"report_mark.{mark}")) for mark in RANK], exclusive=True)
        self._show_chips()

    def keeps(self, row: Row) -> bool:
        """Tell whether the search line and the chosen mark keep a row."""
        chosen = self.filters.chosen() & set(RANK)
        return (not chosen or self._marks.of(row) in chosen) and super().keeps(row)

    def _load(self) -> None:
        super()._load()
        reporting = getattr(self.context.services, "reporting", None)
        if reporting is None or not self.may("view_reports"):
            return
        class_id, reports = self._marked_class, self._reports
        self.context.tasks.query(
            self, lambda: reporting.record_marks(class_id, reports), self._show_marks, latest="marks"
        )

    def _show_marks(self, found: Any) -> None:  # noqa: ANN401 - marks by (kind, key)
        self._marks.take(found)
        self._show_chips()
        self.on_filter()

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - a sequence of rows
        super().show_rows(rows)
        self._show_chips()

    def _show_chips(self) -> None:
        """Offer the marks that there are, each with its number; one that is chosen stays."""
        marks = [self._marks.of(row) for row in self._all]
        for mark in RANK:
            count, title = marks.count(mark), tr(f"report_mark.{mark}")
            self.filters.set_chip_text(mark, tr("report_mark.count", title=title, count=count))
            self.filters.set_chip_visible(mark, visible=bool(count) or mark in self.filters.chosen())
