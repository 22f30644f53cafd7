"""A paper before it is printed: its pages as pictures, and the way to the system's printers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.services.papers import PagePicture, PaperPreview
from desktop_app.services.ports import CancelToken, Progress, stop_if_cancelled
from ui.i18n import tr
from ui.navigation import PageContext
from ui.tasks import Ticket
from ui.widgets.busy import ProgressLine
from ui.widgets.labels import button, label

SCREEN_DPI, PAPER_DPI = 130, 300
_GAP = 16


class PrintPreview(QDialog):
    """Shows one page at a time; PgUp and PgDn turn, 打印 opens the system's dialog with what was chosen last.

    ``remembered`` is the preferences' key of the paper: printer, copies, both sides.
    """

    def __init__(
        self, parent: QWidget, context: PageContext, title: str, remembered: str, preview: PaperPreview
    ) -> None:
        super().__init__(parent)
        self._context, self._preview, self._key = context, preview, f"print/{remembered}"
        self.setWindowTitle(title)
        self.setModal(True)
        self.resize(1100, 720)
        self.page = 0
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose_printer: Callable[[QPrinter], bool] = self._ask_printer
        self._ticket: Ticket | None = None
        self._image = QImage()
        self._lay_out()
        self.turn(0)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self.warning = label(self._warning(), wrap=True, tone="waiting")
        self.warning.setVisible(bool(self._preview.missing_glyphs))
        column.addWidget(self.warning)
        self._area = QScrollArea()
        self._area.setWidget(self.picture)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._area, 1)
        self.progress = ProgressLine()
        self.progress.cancelled.connect(self._stop)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.back = button("", "", "chevron-left")
        self.back.setAccessibleName(tr("preview.back"))
        self.back.setShortcut("PgUp")
        self.back.clicked.connect(lambda: self.turn(self.page - 1))
        self.count = label("", "secondary")
        self.forward = button("", "", "chevron-right")
        self.forward.setAccessibleName(tr("preview.forward"))
        self.forward.setShortcut("PgDown")
        self.forward.clicked.connect(lambda: self.turn(self.page + 1))
        for widget in (self.back, self.count, self.forward):
            row.addWidget(widget)
        row.addStretch(1)
        close = button(tr("preview.close"))
        close.clicked.connect(self.reject)
        self.print_button = button(tr("preview.print"), "primary", "printer")
        self.print_button.clicked.connect(self.print_pages)
        row.addWidget(close)
        row.addWidget(self.print_button)
        column.addLayout(row)
        self.print_button.setDefault(True)

    def _warning(self) -> str:
        characters = "".join(self._preview.missing_glyphs)
        names = tr("wording.and").join(self._preview.missing_in)
        return tr("preview.missing_in" if names else "preview.missing", characters=characters, names=names)

    def turn(self, page: int) -> None:
        """Show a page, from 0."""
        if not 0 <= page < self._preview.pages:
            return
        self.page = page
        self.back.setEnabled(page > 0)
        self.forward.setEnabled(page + 1 < self._preview.pages)
        self.count.setText(tr("preview.page", number=page + 1, pages=self._preview.pages))
        service, pdf = self._context.services.papers, self._preview.pdf
        self._context.tasks.work(
            self, lambda _progress, _cancel: service.page_picture(pdf, page, SCREEN_DPI), self._show
        )

    def _show(self, picture: PagePicture) -> None:
        self._image = image_of(picture)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the page as wide as there is room, but an upright one no larger than it can be read."""
        if self._image.isNull():
            return
        width = min(self._area.width() - 2 * _GAP, self._image.width())
        ratio = self.devicePixelRatioF()
        scaled = self._image.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        shown = QPixmap.fromImage(scaled)
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)

    def print_pages(self) -> None:
        """Ask for the printer with what was chosen last, then print off the window's thread."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._recall(printer)
        landscape = self._image.width() > self._image.height()
        side = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
        printer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), side, QMarginsF(0, 0, 0, 0)))
        printer.setFullPage(True)
        printer.setFromTo(0, 0)
        if not self.choose_printer(printer):
            return
        self._remember(printer)
        service, preview = self._context.services.papers, self._preview
        self.print_button.setEnabled(False)
        self.progress.start(tr("preview.printing"))

        def work(progress: Progress, cancel: CancelToken) -> int:
            return paint(printer, preview, service.page_picture, progress, cancel)

        self._ticket = self._context.tasks.work(
            self, work, self._on_printed, self._on_failed, self.progress.show_progress
        )

    def _ask_printer(self, printer: QPrinter) -> bool:
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self._preview.pages)
        return bool(dialog.exec() == QDialog.DialogCode.Accepted)

    def _recall(self, printer: QPrinter) -> None:
        kept: dict[str, Any] = self._context.preferences.read(self._key, {})
        if kept.get("printer"):
            printer.setPrinterName(str(kept["printer"]))
        printer.setCopyCount(int(kept.get("copies", 1)))
        printer.setDuplex(QPrinter.DuplexMode(int(kept.get("duplex", QPrinter.DuplexMode.DuplexNone.value))))

    def _remember(self, printer: QPrinter) -> None:
        kept = {
            "printer": printer.printerName(),
            "copies": printer.copyCount(),
            "duplex": printer.duplex().value,
        }
        self._context.preferences.write(self._key, kept)

    def _on_printed(self, pages: int) -> None:
        self.progress.finish()
        self.accept()
        self._context.messages.tell(tr("preview.printed", pages=pages))

    def _on_failed(self, error: AppError) -> None:
        self.progress.finish()
        self.print_button.setEnabled(True)
        if error.code != "CANCELLED":
            self._context.messages.report(self, error)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()


def image_of(picture: PagePicture) -> QImage:
    """Return a page as an image that owns its pixels."""
    shown = QImage(
        picture.grey, picture.width, picture.height, picture.width, QImage.Format.Format_Grayscale8
    )
    return shown.copy()


def paint(
    printer: QPrinter,
    preview: PaperPreview,
    page_picture: Callable[[bytes, int, int], PagePicture],
    progress: Progress,
    cancel: CancelToken,
) -> int:
    """Print the pages chosen; return how many. AppError PRINTER_FAILED, CANCELLED."""
    first, last = printer.fromPage() or 1, printer.toPage() or preview.pages
    numbers = range(first - 1, min(last, preview.pages))
    painter = QPainter()
    if not painter.begin(printer):
        raise AppError("PRINTER_FAILED", printer=printer.printerName())
    try:
        for done, number in enumerate(numbers):
            if cancel.is_cancelled():
                printer.abort()
            stop_if_cancelled(cancel)
            progress(done, len(numbers))
            if done and not printer.newPage():
                raise AppError("PRINTER_FAILED", printer=printer.printerName())
            image = image_of(page_picture(preview.pdf, number, PAPER_DPI))
            page = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
            painter.drawImage(page, image)
    finally:
        painter.end()
    return len(numbers)
