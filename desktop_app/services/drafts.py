"""What a user typed and did not save: kept over a crash, offered to that user alone.

Nothing here is data of the institution: no journal entry, no role; a draft becomes data only when its user saves it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desktop_app.domain.clock import Clock
from desktop_app.services.profile import Profile
from desktop_app.store.draft_files import DraftFile


@dataclass(frozen=True, slots=True)
class Draft:
    """One form, grid or import that is not saved.

    ``page`` and ``place`` say where it was typed (JSON values), ``title`` whose it is in words, ``values`` what was
    typed (JSON values); ``count`` is the number of fields or cells, ``kept_at`` (UTC) when it was first kept like this.
    """

    page: str
    place: Mapping[str, Any]
    title: str
    count: int
    values: Mapping[str, Any]
    kept_at: datetime | None = None


class DraftService:
    """The drafts of whoever acts."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def box(self) -> DraftBox:
        """Return the drafts of the acting user, for as long as that user works; AppError LOGIN_REQUIRED."""
        profile = self._profile
        assert profile.context is not None
        user = profile.context.require_actor().user.id
        return DraftBox(DraftFile(profile.files, user, profile.data_key), profile.clock)


class DraftBox:
    """Drafts of one user, whoever logs in meanwhile."""

    def __init__(self, file: DraftFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    def read(self) -> list[Draft]:
        """Return what was not saved, the newest first; what this version cannot read is left out."""
        content = self._file.read()
        if content is None:
            return []
        found = [draft for one in json.loads(content) if (draft := _decode(one)) is not None]
        return sorted(found, key=lambda draft: str(draft.kept_at), reverse=True)

    def keep(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Keep these and no others, on the disk when this returns; return them, new ones with the present instant.

        Raises AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE.
        """
        now = self._clock.now()
        kept = [draft if draft.kept_at else replace(draft, kept_at=now) for draft in drafts]
        if kept:
            self._file.write(json.dumps([_encode(draft) for draft in kept], ensure_ascii=False).encode())
        else:
            self._file.remove()
        return kept


def _encode(draft: Draft) -> dict[str, Any]:
    assert draft.kept_at is not None
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
