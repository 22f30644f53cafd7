"""What a user typed and did not save: kept over a crash, offered to that user alone.

Nothing here is data of the institution: no journal entry, no role; a draft becomes data only when its user saves it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop_app.services.profile import Profile
from desktop_app.store.draft_files import DraftFile


@dataclass(frozen=True, slots=True)
class Draft:
    """One form, grid or import that is not saved.

    ``page`` and ``place`` say where it was typed (JSON values), ``title`` whose it is in words, ``values`` what was
    typed (JSON values); ``count`` is the number of fields or cells, ``kept_at`` (UTC) when it last changed.
    """

    page: str
    place: Mapping[str, Any]
    title: str
    count: int
    values: Mapping[str, Any]
    kept_at: datetime


class DraftService:
    """The drafts of whoever acts."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def box(self) -> DraftBox:
        """Return the drafts of the acting user, for as long as that user works; AppError LOGIN_REQUIRED."""
        profile = self._profile
        assert profile.context is not None
        user = profile.context.require_actor().user.id
        return DraftBox(DraftFile(profile.files, user, profile.data_key))


class DraftBox:
    """Drafts of one user, whoever logs in meanwhile."""

    def __init__(self, file: DraftFile) -> None:
        self._file = file

    def read(self) -> list[Draft]:
        """Return what was not saved, the newest first; what this version cannot read is left out."""
        content = self._file.read()
        if content is None:
            return []
        found = [draft for one in json.loads(content) if (draft := _decode(one)) is not None]
        return sorted(found, key=lambda draft: draft.kept_at, reverse=True)

    def keep(self, drafts: Sequence[Draft]) -> None:
        """Keep these and no others, on the disk when this returns; AppError DISK_FULL, STORE_READ_ONLY."""
        if drafts:
            self._file.write(json.dumps([_encode(draft) for draft in drafts], ensure_ascii=False).encode())
        else:
            self._file.remove()


def _encode(draft: Draft) -> dict[str, Any]:
    return {
        "page": draft.page,
        "place": dict(draft.place),
        "title": draft.title,
        "count": draft.count,
        "values": dict(draft.values),
        "kept_at": draft.kept_at.isoformat(),
    }


def _decode(one: dict[str, Any]) -> Draft | None:
    try:
        return Draft(
            str(one["page"]),
            dict(one["place"]),
            str(one["title"]),
            int(one["count"]),
            dict(one["values"]),
            datetime.fromisoformat(one["kept_at"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
