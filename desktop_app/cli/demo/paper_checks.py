"""Reads written workbooks back and compares every total on them with what the lists say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from desktop_app.cli.demo.driver import Client, expect
from desktop_app.domain.money import capital, format_fen
from desktop_app.excel.attendance import read_attendance
from desktop_app.excel.certificates import read_certificates
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.roster import read_roster
from desktop_app.excel.scores import read_scores
from desktop_app.excel.session_columns import SessionSlot

GONE = frozenset({"replaced", "void"})
"""States of a certificate that is on no list of those to be handed over."""


def agree(client: Client, kind: str, code: str, file: Path) -> None:
    """Compare a written workbook of a class with the lists; DemoError where they differ."""
    CHECKS[kind](client, code, file)


def claim_total(file: Path, fen: int) -> None:
    """Compare the total of a written paper of a claim, and its 大写 where it has one, with an amount in 分."""
    (sheet,) = read_workbook(file)
    cells = [[str(cell) for cell in row if cell not in (None, "")] for row in sheet.rows]
    total = next(row[-1] for row in cells if row and row[0] == "合计")
    expect(total, format_fen(fen), f"total on {file.name}")
    words = [row[0].partition("：")[2] for row in cells if row and row[0].startswith("金额大写")]
    expect(set(words) <= {capital(fen)}, True, f"大写 on {file.name}")


def _roster(client: Client, code: str, file: Path) -> None:
    people = client.run("list", "trainees", "--class", code)["items"]
    found = [row.name for row in read_roster(file).rows]
    expect(sorted(found), sorted(one["name"] for one in people), f"people on {file.name}")


def _attendance(client: Client, code: str, file: Path) -> None:
    sessions = [
        SessionSlot(
            one["number"],
            dt.date.fromisoformat(one["held_on"]),
            dt.time.fromisoformat(one["starts_at"]),
            one["hours"],
        )
        for one in client.run("list", "sessions", "--class", code)["items"]
    ]
    rows = client.run("list", "attendance", "--class", code)["items"]
    wanted = {one["number"]: (one["name"], one["attended_sessions"]) for one in rows}
    found = {row.person.number: (row.person.name, row.total) for row in read_attendance(file, sessions).rows}
    expect(found, wanted, f"totals on {file.name}")


def _scores(client: Client, code: str, file: Path) -> None:
    items: list[Any] = client.run("list", "scores", "--class", code)["items"]
    people = {one["number"] for one in items if one["kind"] == "level"}
    expect({row.person.number for row in read_scores(file).rows}, people, f"people on {file.name}")


def _certificates(client: Client, code: str, file: Path) -> None:
    items = client.run("list", "certificates", "--class", code)["items"]
    numbers = sorted(one["number"] for one in items if one["state"] not in GONE)
    expect(
        sorted(row.certificate_number for row in read_certificates(file).rows),
        numbers,
        f"numbers on {file.name}",
    )


CHECKS = {
    "roster": _roster,
    "attendance": _attendance,
    "scores": _scores,
    "certificates": _certificates,
}
