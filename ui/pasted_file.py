"""A block from the clipboard as a file, so that it is checked and previewed as any workbook that comes in."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets import clipboard


@cache
def _folder() -> Path:
    """Return a folder that nobody else can read and that goes with the program."""
    folder = Path(tempfile.mkdtemp(prefix="paste-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def pasted_file() -> Path | None:
    """Write the block on the clipboard into a file and return it; None where there is no table on it.

    The one before goes, for nothing that was pasted stays longer than it is needed.
    """
    block = clipboard.take()
    if len(block) < 2 or not any(len(row) > 1 for row in block):
        return None
    forget_pasted()
    path = _folder() / f"{tr('paste.file')}.tsv"
    path.write_text(clipboard.as_text(block) + "\n", encoding="utf-8-sig")
    return path


def import_pasted(context: PageContext, class_id: bytes) -> None:
    """Begin to import what is on the clipboard into a class; say where there is no table on it."""
    path = pasted_file()
    if path is None:
        context.messages.warn(tr("paste.none"), tr("paste.none_hint"))
    else:
        context.navigate("imports", class_id=class_id, path=path)


def forget_pasted() -> None:
    """Drop the file of an earlier paste."""
    for file in _folder().iterdir():
        file.unlink(missing_ok=True)
