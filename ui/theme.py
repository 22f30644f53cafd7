"""Colours, type and measures: one token table for light and dark, and the style sheet and palette made from it."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

import resources

GRID: Final = 8
ROW_HEIGHT: Final = 32
GRID_ROW_HEIGHT: Final = 28
RADIUS: Final = 6
BODY_PX: Final = 14
SECONDARY_PX: Final = 12
TITLE_PX: Final = 20

SCHEMES: Final = ("light", "dark")

TOKENS: Final[dict[str, tuple[str, str]]] = {
    "canvas": ("#F5F6F8", "#16181B"),
    "surface": ("#FFFFFF", "#1D2024"),
    "raised": ("#EEF0F3", "#262A2F"),
    "hover": ("#E6E9ED", "#2F343A"),
    "today": ("#EDF0F4", "#2B3037"),
    "border": ("#D9DDE3", "#383E46"),
    "border_strong": ("#8A929D", "#757E89"),
    "text": ("#1B2026", "#E7E9EC"),
    "text_secondary": ("#525B66", "#AEB6C0"),
    "accent": ("#1D4B94", "#3666B4"),
    "accent_hover": ("#173D7A", "#3F70C0"),
    "accent_text": ("#FFFFFF", "#FFFFFF"),
    "link": ("#1D4B94", "#93B6F5"),
    "selected": ("#DCE6F6", "#274069"),
    "done": ("#17653A", "#74CF98"),
    "done_soft": ("#E2F2E8", "#1B3325"),
    "waiting": ("#805000", "#E6B661"),
    "waiting_soft": ("#FBF0D9", "#3A2E16"),
    "wrong": ("#AD211A", "#F4958D"),
    "wrong_soft": ("#FBE8E6", "#41211F"),
    "locked": ("#525B66", "#AEB6C0"),
    "locked_soft": ("#E9ECEF", "#2A2E34"),
}
"""Name of each colour, as it is in the light scheme and in the dark one."""

_GROUNDS: Final = ("canvas", "surface", "raised", "hover", "today", "selected")
TEXT_ON: Final[tuple[tuple[str, str], ...]] = (
    *((ink, ground) for ink in ("text", "text_secondary", "link", "wrong") for ground in _GROUNDS),
    *((ink, ground) for ink in ("done", "waiting", "locked") for ground in _GROUNDS),
    *((f"{meaning}", f"{meaning}_soft") for meaning in ("done", "waiting", "wrong", "locked")),
    *(("text", f"{meaning}_soft") for meaning in ("done", "waiting", "wrong", "locked")),
    *(("text_secondary", f"{meaning}_soft") for meaning in ("done", "waiting", "wrong", "locked")),
    ("accent_text", "accent"),
    ("accent_text", "accent_hover"),
)
"""Every pair (text token, ground token) that is drawn somewhere; each has a contrast of at least 4.5:1."""

_ICON_GAP: Final = 4
_CHINESE_FONTS: Final = (
    "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC",
    "Source Han Sans CN", "Noto Sans SC", "HarmonyOS Sans SC", "WenQuanYi Micro Hei",
)  # fmt: skip
OWN_FONT_FILES: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_SHEET_ICONS: Final = {"chevron_down": ("chevron-down", "text_secondary"), "check": ("check", "accent_text"),
                       "chevron_up": ("chevron-up", "text_secondary"),
    "chevron_right": ("chevron-right", "text_secondary")}  # fmt: skip


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio (1 to 21) of two ``#RRGGBB`` colours."""

    def luminance(colour: str) -> float:
        channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def token_table(scheme: str) -> dict[str, str]:
    """Return token name → ``#RRGGBB`` of ``scheme`` ("light" or "dark")."""
    column = SCHEMES.index(scheme)
    return {name: values[column] for name, values in TOKENS.items()}


class Theme(QObject):
    """The scheme in use; ``changed`` tells what is drawn by hand to draw again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme = "light"
        self.choice = "system"
        self._sheet_folder: QTemporaryDir | None = None
        self._follows_system = False

    def choose(self, choice: str) -> None:
        """Take "system", "light" or "dark" and put it on the running application."""
        self.choice = choice
        hints = QGuiApplication.styleHints()
        if not self._follows_system:
            hints.colorSchemeChanged.connect(self._on_system_scheme)
            self._follow_screens()
            self._follows_system = True
        if choice == "system":
            dark = hints.colorScheme() == Qt.ColorScheme.Dark
            choice = "dark" if dark else "light"
        self._put_on(choice)

    def color(self, token: str) -> QColor:
        """Return the colour of ``token`` in the scheme in use."""
        return QColor(TOKENS[token][SCHEMES.index(self.scheme)])

    def _follow_screens(self) -> None:
        """Have icons drawn anew for a screen that is added."""
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(lambda _screen: self.changed.emit())

    def _on_system_scheme(self) -> None:
        if self.choice == "system":
            self.choose("system")

    def _put_on(self, scheme: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if application.property("scheme") == scheme:
            return
        application.setProperty("scheme", scheme)
        self.scheme = scheme
        application.setPalette(make_palette(scheme))
        application.setStyleSheet(self._sheet(scheme))
        self.changed.emit()

    def _sheet(self, scheme: str) -> str:
        """Return the style sheet of ``scheme``; the few glyphs it needs are written beside it in its colours."""
        folder = QTemporaryDir()
        table = token_table(scheme)
        places = {}
        for place, (name, token) in _SHEET_ICONS.items():
            target = Path(folder.filePath(f"{place}.svg"))
            target.write_text(_icon_source(name).replace("currentColor", table[token]), encoding="utf-8")
            places[f"icon_{place}"] = target.as_posix()
        self._sheet_folder = folder
        source = resources.path("styles", "window.qss").read_text(encoding="utf-8")
        return string.Template(source).substitute(table, **places)


theme: Final = Theme()
"""The one theme of the process, as QApplication.palette() is its one palette."""


def make_palette(scheme: str) -> QPalette:
    """Return the QPalette of ``scheme`` for what the style sheet does not reach."""
    table = token_table(scheme)
    palette = QPalette()
    role = QPalette.ColorRole
    for part, token in (
        (role.Window, "canvas"), (role.WindowText, "text"), (role.Base, "surface"), (role.AlternateBase, "raised"),
        (role.Text, "text"), (role.Button, "surface"), (role.ButtonText, "text"), (role.BrightText, "wrong"),
        (role.Highlight, "selected"), (role.HighlightedText, "text"), (role.Link, "link"),
        (role.LinkVisited, "link"), (role.ToolTipBase, "text"), (role.ToolTipText, "surface"),
        (role.PlaceholderText, "text_secondary"), (role.Mid, "border"), (role.Dark, "border_strong"),
        (role.Light, "surface"), (role.Accent, "accent"),
    ):  # fmt: skip
        palette.setColor(part, QColor(table[token]))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(table["border_strong"]))
    return palette


@lru_cache(maxsize=256)
def _icon_source(name: str) -> str:
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


def icon_pixmap(name: str, token: str, size: int, ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """Return the Lucide icon ``name`` drawn in ``token`` at ``size`` logical px for a screen of ``ratio``.

    ``gap`` px stay empty at its right: a button puts its word too close to its icon.
    """
    return _draw_icon(name, theme.color(token).name(), size, ratio, gap)


@lru_cache(maxsize=1024)
def _draw_icon(name: str, colour: str, size: int, ratio: float, gap: int) -> QPixmap:
    source = _icon_source(name).replace("currentColor", colour)
    pixmap = QPixmap(QSize(round((size + gap) * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixmap.height(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def screen_ratios() -> list[float]:
    """Return the ratios of the screens; for all that there might be, half the time of opening the frame went by."""
    return sorted({1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())})


def icon(
    name: str, token: str = "text_secondary", size: int = 16, on_token: str | None = None, gap: int = 0
) -> QIcon:
    """Return a QIcon, crisp on every screen that is there; ``on_token`` colours it when its button is checked."""
    made = QIcon()
    for ratio in screen_ratios():
        made.addPixmap(icon_pixmap(name, token, size, ratio, gap), QIcon.Mode.Normal, QIcon.State.Off)
        if on_token:
            made.addPixmap(icon_pixmap(name, on_token, size, ratio, gap), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(icon_pixmap(name, "border_strong", size, ratio, gap), QIcon.Mode.Disabled)
    return made


class _IconBinding(QObject):
    def __init__(self, button: QAbstractButton, name: str, token: str, on_token: str | None) -> None:
        super().__init__(button)
        self.setObjectName("icon-binding")
        self._button, self._name, self._token, self._on_token = button, name, token, on_token
        theme.changed.connect(self.draw)
        self.draw()

    def draw(self) -> None:
        room = self._button.iconSize()
        gap = room.width() - room.height()
        self._button.setIcon(icon(self._name, self._token, room.height(), self._on_token, gap))


def set_icon(
    button: QAbstractButton,
    name: str,
    token: str = "text_secondary",
    size: int = 16,
    on_token: str | None = None,
) -> None:
    """Give ``button`` an icon that follows the theme; a second call replaces the first."""
    for old in button.findChildren(QObject, "icon-binding", Qt.FindChildOption.FindDirectChildrenOnly):
        old.setParent(None)
        theme.changed.disconnect(old.draw)  # type: ignore[attr-defined]
        old.deleteLater()
    button.setIconSize(QSize(size + (_ICON_GAP if button.text() else 0), size))
    _IconBinding(button, name, token, on_token)


@lru_cache(maxsize=1)
def own_font_family() -> str:
    """Load Noto Sans SC from resources and return its family; the pictures of the product are made with it.

    Where its files are missing, the family that the system itself draws with.
    """
    families: list[str] = []
    for file in OWN_FONT_FILES:
        path = resources.path("fonts", file)
        if path.is_file():
            families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return next(iter(families), QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family())


def ui_font(*, own: bool = False) -> QFont:
    """Return the 14-px body font: the system's Chinese UI font, else (or if ``own``) ours."""
    known = set() if own else set(QFontDatabase.families())
    family = next((name for name in _CHINESE_FONTS if name in known), None) or own_font_family()
    font = QFont(family)
    font.setPixelSize(BODY_PX)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font
