"""Alterations of what an office's store derives from its records: lists, search, accepted statements, undo steps."""

from __future__ import annotations

import random

from tests.faults.alterations import Alteration, Victim, flip, some


def alter_list(victim: Victim, choose: random.Random) -> int:
    change = choose.choice(
        ["name = 'x'", "document = '1'", "phone = NULL", "classes = 'Z'", "category = 'x'"]
    )
    (key,) = some(victim, choose, "SELECT trainee_id FROM trainee_list")
    return victim.execute(f"UPDATE trainee_list SET {change} WHERE trainee_id = ?", key)


def lose_list_row(victim: Victim, choose: random.Random) -> int:
    (key,) = some(victim, choose, "SELECT trainee_id FROM trainee_list")
    return victim.execute("DELETE FROM trainee_list WHERE trainee_id = ?", key)


def lose_terms(victim: Victim, choose: random.Random) -> int:
    """Somebody is no longer found."""
    (number,) = some(victim, choose, "SELECT number FROM trainee_list")
    victim.execute("DELETE FROM trainee_term WHERE rowid = ?", number)
    return 1


def swap_terms(victim: Victim, choose: random.Random) -> int:
    """Somebody is found under another's name."""
    first, second = choose.sample([row[0] for row in victim.rows("SELECT number FROM trainee_list")], 2)
    changed = 0
    for former, place in ((first, -1), (second, first), (-1, second)):
        changed += victim.execute("UPDATE trainee_list SET number = ? WHERE number = ?", place, former)
    return changed


def alter_tally(victim: Victim, choose: random.Random) -> int:
    table, column = choose.choice(
        [
            ("session_tally", "marked"),
            ("session_tally", "attended"),
            ("session_tally", "members"),
            ("class_tally", "people"),
            ("class_tally", "hours"),
            ("assessment_tally", "scored"),
        ]
    )
    return victim.execute(f"UPDATE {table} SET {column} = {column} + 1")


def alter_teaching(victim: Victim, choose: random.Random) -> int:
    verb = choose.choice(["DELETE FROM teaching", "UPDATE teaching SET hours = 1"])
    (record,) = some(victim, choose, "SELECT record_id FROM teaching")
    return victim.execute(f"{verb} WHERE record_id = ?", record)


def alter_accepted(victim: Victim, choose: random.Random) -> int:
    report, kind, key, fields = some(victim, choose, "SELECT report, kind, key, fields FROM accepted_record")
    where = "WHERE report = ? AND kind = ? AND key = ?"
    statement = f"UPDATE accepted_record SET fields = ? {where}"
    return victim.execute(statement, flip(choose, fields), report, kind, key)


def lose_accepted(victim: Victim, choose: random.Random) -> int:
    report, kind, key = some(victim, choose, "SELECT report, kind, key FROM accepted_record")
    statement = "DELETE FROM accepted_record WHERE report = ? AND kind = ? AND key = ?"
    return victim.execute(statement, report, kind, key)


def rejected_becomes_accepted(victim: Victim, choose: random.Random) -> int:
    victim.execute(
        "INSERT OR REPLACE INTO accepted_record (report, subject, kind, key, fields)"
        " SELECT report, subject, kind, key, sent_fields FROM rejected_record"
    )
    return victim.execute("DELETE FROM rejected_record")


def alter_version(victim: Victim, choose: random.Random) -> int:
    change = choose.choice(["version = version + 1", "digest = x'00'", "received_at = '2019-01-01'"])
    (kind,) = some(victim, choose, "SELECT kind FROM report_version")
    return victim.execute(f"UPDATE report_version SET {change} WHERE kind = ?", kind)


def alter_delivery(victim: Victim, choose: random.Random) -> int:
    change = choose.choice(["state = 'sealed'", "changed_at = '2019-01-01'"])
    return victim.execute(f"UPDATE delivery SET {change} WHERE state = 'receipted'")


def alter_undo_step(victim: Victim, choose: random.Random) -> int:
    change = choose.choice(["command = 'delete'", "user = x'00'", "seq = seq + 100000", "undone = 1"])
    (seq,) = some(victim, choose, "SELECT seq FROM undo_step")
    return victim.execute(f"UPDATE undo_step SET {change} WHERE seq = ?", seq)


def alter_statement(victim: Victim, choose: random.Random) -> int:
    """What was sealed, or what the platform has answered."""
    table, key_column, column = choose.choice(
        [("batch", "id", "manifest"), ("batch_page", "batch_id", "body"), ("platform_page", "id", "body")]
    )
    key, body = some(victim, choose, f"SELECT {key_column}, {column} FROM {table}")
    return victim.execute(f"UPDATE {table} SET {column} = ? WHERE {key_column} = ?", flip(choose, body), key)


LIST_ALTERATIONS: dict[Alteration, set[str]] = {
    alter_list: {"LIST_DIFFERS"},
    lose_list_row: {"LIST_DIFFERS"},
    lose_terms: {"LIST_DIFFERS"},
    swap_terms: {"LIST_DIFFERS"},
    alter_tally: {"LIST_DIFFERS"},
    alter_teaching: {"LIST_DIFFERS"},
    alter_accepted: {"LIST_DIFFERS"},
    lose_accepted: {"LIST_DIFFERS"},
    rejected_becomes_accepted: {"LIST_DIFFERS"},
    alter_version: {"LIST_DIFFERS"},
    alter_delivery: {"LIST_DIFFERS"},
    alter_undo_step: {"LIST_DIFFERS"},
    alter_statement: {"ROW_ALTERED"},
}
