"""Which build this is: version, commit, build date.

A built package carries ``resources/build.json``, written by the build. A checkout has none: there the version
stands in ``pyproject.toml`` and the commit is read from the git folder, without running git. Installed from a wheel,
the version is that of the installed metadata.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_SHORT_COMMIT = 10
_CHANGED = " with changes that are in no commit"


@cache
def _build(root: Path) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads((root / "resources" / "build.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


@cache
def version(root: Path = _ROOT) -> str:
    """Return the version, e.g. ``0.1.0``."""
    known = _build(root).get("version") or _checked_out_version(root)
    if known:
        return known
    from importlib import metadata  # noqa: PLC0415 - dear at start, and no build needs it

    return metadata.version("training-client")


def commit(root: Path = _ROOT) -> str:
    """Return the commit's hash in hex, or ``""`` where neither a build nor a checkout tells it."""
    return _build(root).get("commit") or _checked_out_commit(root)


def is_changed(root: Path = _ROOT) -> bool:
    """Tell whether a build was made from more than its commit holds: the commit alone does not say what is in it."""
    return _build(root).get("changed") == "yes"


def build_date(root: Path = _ROOT) -> date | None:
    """Return the day of the build, before which no clock can be right; None in a checkout."""
    day = _build(root).get("date")
    return date.fromisoformat(day) if day else None


def describe(root: Path = _ROOT) -> str:
    """Return what ``--version`` prints, e.g. ``training-client 0.1.0 (1f0c9a22be)``; whether its tree was changed."""
    short = commit(root)[:_SHORT_COMMIT] + (_CHANGED if is_changed(root) else "")
    return f"training-client {version(root)}" + (f" ({short})" if short else "")


def _checked_out_version(root: Path) -> str:
    import tomllib  # noqa: PLC0415 - dear at start, and no build needs it

    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except FileNotFoundError:
        return ""
    return str(project["version"])


def _checked_out_commit(root: Path) -> str:
    folder = root / ".git"
    try:
        if folder.is_file():  # a linked worktree names its folder
            folder = (root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        return _resolve(folder, head.removeprefix("ref: "))
    except OSError:
        return ""


def _resolve(folder: Path, reference: str) -> str:
    shared = folder / "commondir"
    common = (folder / shared.read_text(encoding="utf-8").strip()).resolve() if shared.exists() else folder
    loose = common / reference
    if loose.exists():
        return loose.read_text(encoding="utf-8").strip()
    for line in (common / "packed-refs").read_text(encoding="utf-8").splitlines():
        name = line.partition(" ")[2]
        if name == reference:
            return line.partition(" ")[0]
    return ""
