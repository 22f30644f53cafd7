"""Province, city, county: three boxes that end in one GB/T 2260 code."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout

from desktop_app.domain.regions import HUBEI, children, parent_code, region
from ui.i18n import tr
from ui.widgets.form_field import OwnEditor
from ui.widgets.form_panel import choice_box

FIRST_PROVINCE, LAST_PROVINCE = 11, 82


class RegionPicker(OwnEditor):
    """``code`` is the county's code, the city's or province's where the table goes no deeper, "" until complete.

    ``narrow`` puts the county below the other two, for the panel at the right.
    """

    chosen = Signal()

    def __init__(self, *, narrow: bool = False) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self.province, self.city, self.county = choice_box([]), choice_box([]), choice_box([])
        self._boxes = {"province": self.province, "city": self.city, "county": self.county}
        for number, (name, box) in enumerate(self._boxes.items()):
            box.setAccessibleName(tr(f"region.{name}"))
            box.setPlaceholderText(tr(f"region.{name}"))
            below = narrow and box is self.county
            grid.addWidget(box, int(below), 0 if below else number, 1, 2 if below else 1)
            if not below:
                grid.setColumnStretch(number, 1)
        self.setFocusProxy(self.province)
        for digits in range(FIRST_PROVINCE, LAST_PROVINCE + 1):
            found = region(f"{digits}0000")
            if found is not None and found.is_current:
                self.province.addItem(found.name, found.code)
        self.province.currentIndexChanged.connect(lambda _index: self._fill(self.city, self.province))
        self.city.currentIndexChanged.connect(lambda _index: self._fill(self.county, self.city))
        self.county.currentIndexChanged.connect(lambda _index: self._tell())
        self.province.setCurrentIndex(self.province.findData(HUBEI))

    def code(self) -> str:
        """Return the code that is chosen, "" while a deeper choice is open."""
        for box in (self.county, self.city, self.province):
            if box.count():
                return str(box.currentData() or "")
        return ""

    def set_code(self, code: str) -> None:
        """Show a region; a code that is no longer in use leaves the box open that it belonged to."""
        above: list[str] = []
        place: str | None = code
        while place is not None and region(place) is not None:
            above.insert(0, place)
            place = parent_code(place)
        self.blockSignals(True)
        for number, box in enumerate(self._boxes.values()):
            if number < len(above):
                box.setCurrentIndex(box.findData(above[number]))
        self.blockSignals(False)

    def value(self) -> str:
        return self.code()

    def set_value(self, value: object) -> None:
        self.set_code(str(value or ""))

    def _fill(self, box: QComboBox, above: QComboBox) -> None:
        box.blockSignals(True)
        box.clear()
        code = above.currentData()
        for found in children(str(code)) if code else ():
            box.addItem(found.name, found.code)
        box.setCurrentIndex(-1)
        box.setEnabled(box.count() > 0)
        box.blockSignals(False)
        if box is self.city:
            self._fill(self.county, self.city)
            return
        self._tell()

    def _tell(self) -> None:
        for box in self._boxes.values():
            box.setToolTip(box.currentText())
        self.chosen.emit()
        self.edited.emit()
