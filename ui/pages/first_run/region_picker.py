"""Province, city, county: three boxes that end in one GB/T 2260 code."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from desktop_app.domain.regions import HUBEI, children, region
from ui.i18n import tr
from ui.widgets.form_panel import choice_box

FIRST_PROVINCE, LAST_PROVINCE = 11, 82


class RegionPicker(QWidget):
    """``code`` is the county's code, the city's or province's where the table goes no deeper, "" until complete."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.province, self.city, self.county = choice_box([]), choice_box([]), choice_box([])
        for box, name in ((self.province, "province"), (self.city, "city"), (self.county, "county")):
            box.setAccessibleName(tr(f"region.{name}"))
            box.setPlaceholderText(tr(f"region.{name}"))
            row.addWidget(box, 1)
        for number in range(FIRST_PROVINCE, LAST_PROVINCE + 1):
            found = region(f"{number}0000")
            if found is not None and found.is_current:
                self.province.addItem(found.name, found.code)
        self.province.currentIndexChanged.connect(lambda _index: self._fill(self.city, self.province))
        self.city.currentIndexChanged.connect(lambda _index: self._fill(self.county, self.city))
        self.county.currentIndexChanged.connect(lambda _index: self.chosen.emit())
        self.province.setCurrentIndex(self.province.findData(HUBEI))

    def code(self) -> str:
        """Return the code that is chosen, "" while a deeper choice is open."""
        for box in (self.county, self.city, self.province):
            if box.count():
                return str(box.currentData() or "")
        return ""

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
        self.chosen.emit()
