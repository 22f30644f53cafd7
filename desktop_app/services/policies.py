"""政策参数: what governs today, its history, setting, withdrawing and importing values; the 1+X 试点 table (R01)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.domain import codes, new_year
from desktop_app.domain.calendar import has_holiday_table
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.policies import (
    PilotImport,
    PolicyChangeItem,
    PolicyHistoryItem,
    PolicyImport,
    PolicyListItem,
)
from desktop_app.domain.pilots import Pilot, pilot_id
from desktop_app.domain.policy_changes import (
    PolicyEffect,
    checked,
    effect_of_setting,
    effect_of_withdrawing,
    same_place,
    value_id,
)
from desktop_app.domain.policy_definitions import definition, plain_text
from desktop_app.domain.policy_files import MAX_BYTES, PolicyFile, checked_pilot, read_policy_file
from desktop_app.domain.policy_parameters import Owner, PolicyBook, PolicyParameter
from desktop_app.domain.policy_subjects import holiday_years
from desktop_app.domain.records import PILOT, POLICY_VALUE
from desktop_app.services.context import Service, command
from desktop_app.store.queries import policies
from desktop_app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from desktop_app.excel.pilots import PilotRow


class PolicyService(Service):
    """Values that the institution sets itself; the platform's come by pull and are never written here."""

    def book(self) -> PolicyBook:
        """Return what governs acts, e.g. to read a threshold outside a command."""
        with self.context.read() as sql:
            return policies.policy_book(sql)

    def list_values(self, on: date | None = None) -> list[PolicyListItem]:
        """Return by area the value that holds on a day (today) in each region and channel, or is yet to come."""
        self.context.require("view_policy")
        with self.context.read() as sql:
            book = policies.policy_book(sql)
        return policies.policy_items(book, on or self.context.today())

    def history(self, code: str) -> list[PolicyHistoryItem]:
        """Return every value that a parameter ever had, the newest first; AppError PARAMETER_UNKNOWN."""
        self.context.require("view_policy")
        definition(code)
        with self.context.read() as sql:
            return policies.policy_history(sql, code, self.context.today())

    def effect(self, value: PolicyParameter) -> PolicyEffect:
        """Say what setting a value will change; raises what ``set_value`` raises."""
        self.context.require("view_policy")
        return effect_of_setting(self.book(), _own(value))

    def withdrawal_effect(self, value: PolicyParameter) -> PolicyEffect:
        """Say what withdrawing a value will change; AppError as ``withdraw``."""
        self.context.require("view_policy")
        book = self.book()
        return effect_of_withdrawing(book, _present(book, value))

    def unknown_holiday_years(self, on: date | None = None) -> list[int]:
        """Return which of this year and the next have no holiday table: working days are then reckoned by weekends."""
        year = (on or self.context.today()).year
        years = holiday_years(self.book())
        return [one for one in (year, year + 1) if not has_holiday_table(one, years)]

    @command("set_policy_value")
    def set_value(self, work: UnitOfWork, value: PolicyParameter, reason: str = "") -> PolicyEffect:
        """Set a value from its first day on; the same place again corrects it, the journal keeps the former.

        ``owner`` is always the institution. Raises FieldErrors (``policy_changes.checked``), AppError DOCUMENT_NEEDED
        where a 参考值 would replace what binds.
        """
        own = _own(value)
        effect = effect_of_setting(policies.policy_book(work.sql), own)
        work.reason = reason.strip() or None
        _put(work, [own])
        return effect

    @command("carry_policy_values")
    def carry(self, work: UnitOfWork, year: int) -> int:
        """Let the institution's values that end with the year before hold for a year, without 文号; return how many.

        Raises AppError NEW_YEAR_NO_VALUES; DOCUMENT_NEEDED where a 参考值 would replace what binds.
        """
        book = policies.policy_book(work.sql)
        found = new_year.carried(book.records, year)
        if not found:
            raise AppError("NEW_YEAR_NO_VALUES", year=year)
        for value in found:
            effect_of_setting(book, value)
        _put(work, found)
        return len(found)

    @command("withdraw_policy_value")
    def withdraw(self, work: UnitOfWork, value: PolicyParameter, reason: str) -> PolicyEffect:
        """Withdraw a value of the institution: it stays in the history and governs nothing.

        Raises AppError REASON_MISSING; POLICY_VALUE_UNKNOWN; POLICY_VALUE_NOT_OURS for shipped and pulled values.
        """
        if not reason.strip():
            raise AppError("REASON_MISSING")
        book = policies.policy_book(work.sql)
        present = _present(book, value)
        effect = effect_of_withdrawing(book, present)
        work.reason = reason.strip()
        work.put(POLICY_VALUE, value_id(present), {"withdrawn": 1})
        return effect

    def look_at_file(self, path: Path) -> PolicyImport:
        """Say what a policy file would set; AppError POLICY_FILE_UNREADABLE, POLICY_FILE_EMPTY."""
        self.context.require("take_policy_file")
        with self.context.read() as sql:
            book, held = policies.policy_book(sql), policies.pilot_table(sql).pilots
        return _outline(_read(path), book, held)

    @command("take_policy_file")
    def take_file(self, work: UnitOfWork, path: Path) -> PolicyImport:
        """Take over a policy file in one step that one undo takes back.

        Raises what ``look_at_file`` raises, and AppError POLICY_FILE_WRONG (``count``) where a row is wrong: an
        official file is taken whole or not at all. The same file again changes nothing.
        """
        content = _read(path)
        book = policies.policy_book(work.sql)
        outline = _outline(content, book, policies.pilot_table(work.sql).pilots)
        if outline.problems:
            raise AppError("POLICY_FILE_WRONG", count=len(outline.problems), file=path.name)
        _put(work, [value for value in content.values if not _is_there(book, value)])
        put_pilots(work, content.pilots)
        return outline

    def look_at_pilots(self, path: Path) -> PilotImport:
        """Say what a 试点 table (spreadsheet) holds; AppError of the reader, PILOT_COLUMNS_MISSING."""
        self.context.require("take_pilots")
        with self.context.read() as sql:
            held = policies.pilot_table(sql).pilots
        return _sort(_rows_of(path), held)[0]

    @command("take_pilots")
    def take_pilots(self, work: UnitOfWork, path: Path) -> PilotImport:
        """Take over the good rows of a 试点 table; bad ones are named and wait. Raises what ``look_at_pilots`` does."""
        outline, new = _sort(_rows_of(path), policies.pilot_table(work.sql).pilots)
        put_pilots(work, new)
        return outline

    def list_pilots(self) -> tuple[Pilot, ...]:
        """Return the published rows of the 试点 table."""
        self.context.require("view_policy")
        with self.context.read() as sql:
            return policies.pilot_table(sql).pilots


def _rows_of(path: Path) -> Sequence[PilotRow]:
    from desktop_app.excel.pilots import read_pilots  # noqa: PLC0415 - what is pulled needs no reader of workbooks

    return read_pilots(path)


def put_pilots(work: UnitOfWork, rows: Iterable[Pilot]) -> None:
    """Write rows of the 试点 table."""
    work.put_many(PILOT, [(pilot_id(row), pilot_fields(row)) for row in rows])


def pilot_fields(pilot: Pilot) -> dict[str, object]:
    """Return a row as its record has it."""
    return {
        "school": pilot.school.strip(),
        "certificate": pilot.certificate.strip(),
        "level": pilot.level,
        "batch": pilot.batch.strip(),
        "owner": int(pilot.owner),
        "published_on": None if pilot.published_on is None else pilot.published_on.isoformat(),
        "document": pilot.document,
    }


def value_fields(value: PolicyParameter) -> dict[str, object]:
    """Return a value as its record has it."""
    return {
        "parameter": value.code,
        "region": value.region,
        "channel": value.channel,
        "since": None if value.since is None else value.since.isoformat(),
        "owner": int(value.owner),
        "value": [value.value],
        "document": value.document,
        "until": None if value.until is None else value.until.isoformat(),
        "withdrawn": 0,
    }


def _own(value: PolicyParameter) -> PolicyParameter:
    return checked(replace(value, owner=Owner.INSTITUTION))


def _put(work: UnitOfWork, values: Sequence[PolicyParameter]) -> None:
    work.put_many(POLICY_VALUE, [(value_id(value), value_fields(value)) for value in values])


def _present(book: PolicyBook, value: PolicyParameter) -> PolicyParameter:
    """Return the value of the institution that stands at this place."""
    if value.owner is not Owner.INSTITUTION:
        raise AppError("POLICY_VALUE_NOT_OURS", parameter=definition(value.code).name)
    found = next((one for one in book.records if same_place(one, value)), None)
    if found is None:
        raise AppError("POLICY_VALUE_UNKNOWN", parameter=definition(value.code).name)
    return found


def _read(path: Path) -> PolicyFile:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        raise AppError("POLICY_FILE_UNREADABLE") from None
    return read_policy_file(data, Owner.INSTITUTION)


def _is_there(book: PolicyBook, value: PolicyParameter) -> bool:
    return any(one == value for one in book.records)


def _outline(content: PolicyFile, book: PolicyBook, held: Iterable[Pilot]) -> PolicyImport:
    """Compare a file with what is there, each value as if those before it in the file were set."""
    changes: list[PolicyChangeItem] = []
    problems = [(one.part, one.row, one.error) for one in content.problems]
    same = 0
    known = {pilot_id(one) for one in held}
    for number, value in enumerate(content.values, start=1):
        if _is_there(book, value):
            same += 1
            continue
        try:
            effect = effect_of_setting(book, value)
        except AppError as error:
            problems.append(("parameters", number, error))
            continue
        changes.append(PolicyChangeItem(value, _text(effect.before), _text(value), effect.effect))
        others = tuple(one for one in book.records if not same_place(one, value))
        book = PolicyBook((*others, value))
    new = {pilot_id(one) for one in content.pilots} - known
    return PolicyImport(tuple(changes), same, len(new), tuple(problems))


def _text(value: PolicyParameter | None) -> str:
    return "" if value is None else plain_text(definition(value.code), value.value)


def _sort(rows: Sequence[PilotRow], held: Iterable[Pilot]) -> tuple[PilotImport, list[Pilot]]:
    known = {pilot_id(one) for one in held}
    new: dict[bytes, Pilot] = {}
    problems: list[tuple[int, AppError]] = []
    same = 0
    for row in rows:
        try:
            pilot = _pilot_of(row)
        except AppError as error:
            problems.append((row.row, error))
            continue
        key = pilot_id(pilot)
        if key in known or key in new:
            same += 1
        else:
            new[key] = pilot
    return PilotImport(len(rows), len(new), same, tuple(problems)), list(new.values())


def _pilot_of(row: PilotRow) -> Pilot:
    if row.error is not None:
        raise row.error
    level = codes.parse_level(row.level, "one_x") or codes.parse_level(row.level) if row.level else None
    if row.level and level is None:
        raise AppError("PILOT_LEVEL_UNKNOWN", value=row.level[:20])
    return checked_pilot(
        Pilot(
            school=row.school,
            certificate=row.certificate,
            level=level.code if level else None,
            batch=row.batch,
            published_on=row.published_on,
            document=row.document or None,
        )
    )
