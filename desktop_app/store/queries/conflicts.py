"""两处修改不一致: groups with more than one head and different values."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.records import BY_NUMBER, DELETED, Entity
from desktop_app.store.journal import JournalStore, decode
from desktop_app.store.queries.journal import subject
from desktop_app.store.record_tables import group_value, known_table


def conflict_items(sql: Connection) -> list[ConflictListItem]:
    """Return all conflicts, values newest first."""
    rows = sql.exec_driver_sql("SELECT DISTINCT entity, key, grp FROM head ORDER BY entity, key, grp").all()
    found = []
    for number, key, grp in rows:
        entity = BY_NUMBER.get(number)
        if entity is None or grp == DELETED or grp not in entity.by_number:
            continue
        item = _item(sql, entity, key, grp)
        if item is not None:
            found.append(item)
    return found


def _item(sql: Connection, entity: Entity, key: bytes, grp: int) -> ConflictListItem | None:
    group = entity.by_number[grp]
    record = known_table(entity).fetch(sql, key)
    if record is None or record.gone:
        return None
    first = record.head_seq(group)
    heads = [] if first is None else [(first, group_value(group, record.fields))]
    side = sql.exec_driver_sql(
        "SELECT seq, value FROM head WHERE entity = ? AND key = ? AND grp = ? ORDER BY seq DESC",
        (entity.number, key, grp),
    )
    heads += [(row[0], decode(row[1])) for row in side]
    if all(value == heads[0][1] for _, value in heads):
        return None
    values = []
    journal = JournalStore(sql)
    for seq, value in heads:
        header, _, _ = journal.changes(seq)
        user = sql.exec_driver_sql(
            "SELECT coalesce(display, login) FROM user WHERE id = ?", (header.user,)
        ).first()
        device = sql.exec_driver_sql("SELECT name FROM device WHERE id = ?", (header.device,)).first()
        at = datetime.fromtimestamp(header.stamp.ms / 1000, UTC)
        values.append((value, user[0] if user else "", device[0] if device else "", at))
    name = f"{entity.number:x}-{key.hex()}-{grp}"
    return ConflictListItem(name, entity.name, key, group.name, subject(sql, heads[0][0]), tuple(values))
