"""What lists, the search and the first screen are derived from, kept up in the transaction of each change."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from desktop_app.domain.records import ENROLMENT, SCORE, TRAINEE
from desktop_app.store import aliases, judging, report_touches, risks, search_index, tallies, teaching
from desktop_app.store.folding import Record


def follow(sql: Connection, touched: Collection[Record]) -> None:
    """Bring them up to records that were written, hidden or shown, by a command or by a page of foreign entries."""
    keys: dict[int, set[bytes]] = {}
    for number, key in touched:
        keys.setdefault(number, set()).add(key)
    _take_in_aliases(sql, keys)  # before all others, which count people
    report_touches.follow(sql, keys)  # before the tallies, which tell where a session was
    search_index.follow(sql, keys)
    tallies.follow(sql, keys)
    teaching.follow(sql, keys)
    risks.follow(sql, keys)  # after the tallies and who teaches, which it reads


def _take_in_aliases(sql: Connection, keys: dict[int, set[bytes]]) -> None:
    """Let those who became one person, or two, count as touched in all their classes and assessments."""
    changed = aliases.follow(sql, keys)
    if changed:
        keys.setdefault(TRAINEE.number, set()).update(changed)
        keys.setdefault(ENROLMENT.number, set()).update(aliases.enrolments_of(sql, changed))
        keys.setdefault(SCORE.number, set()).update(aliases.scores_of(sql, changed))


def rebuild(sql: Connection) -> None:
    """Derive everything anew; after a migration."""
    judging.rebuild(sql)
    aliases.rebuild(sql)
    report_touches.rebuild(sql)
    search_index.rebuild(sql)
    tallies.rebuild(sql)
    teaching.rebuild(sql)
    risks.rebuild(sql)
