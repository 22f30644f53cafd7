"""Reads the certificate file of an evaluation organisation: numbers, dates, levels by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.normalising import normal_code
from desktop_app.excel.people import PersonKey, read_person
from desktop_app.excel.problems import Normalisation
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import RowReader, data_rows, sheet_problems

_WANTED = Wanted(WorkbookKind.CERTIFICATES, (("name", "document_number"), ("certificate_number",)))
_KEYS = ("name", "document_number", "certificate_number")


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate; "" and None where the sheet says nothing. A person without a number is kept with ""."""

    person: PersonKey
    certificate_number: str
    issued_on: dt.date | None
    level: str
    occupation: str
    organisation: str
    ticket: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSheet(SheetReading):
    """A certificate file as read."""

    rows: tuple[CertificateRow, ...]


def read_certificates(
    path: Path, mapping: Mapping[str, str] | None = None, sheet: str | None = None, limit: int = ROW_LIMIT
) -> CertificateSheet:
    """Read the certificate file at ``path``.

    Raises what ``read_workbook`` and ``find_head`` raise. Problems of rows: ID_ROUNDED, NUMBER_ROUNDED,
    DATE_UNREADABLE, CERTIFICATE_NUMBER_TWICE (row) within the file.
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    reader = RowReader(head, problems, normalised)
    rows = tuple(_certificate_row(reader, number) for number in data_rows(head, _KEYS))
    first: dict[str, int] = {}
    for row in rows:
        if (
            row.certificate_number
            and first.setdefault(row.certificate_number, row.person.row) != row.person.row
        ):
            before = first[row.certificate_number]
            reader.report(
                row.person.row, "certificate_number", "CERTIFICATE_NUMBER_TWICE", params={"row": before}
            )
    return CertificateSheet(rows=rows, **reading(head, problems, normalised))


def _certificate_row(reader: RowReader, row: int) -> CertificateRow:
    return CertificateRow(
        person=read_person(reader, row),
        certificate_number=reader.identifier(row, "certificate_number", normal_code)[0],
        issued_on=reader.date(row, "issued_on"),
        level=reader.text(row, "level"),
        occupation=reader.text(row, "occupation"),
        organisation=reader.text(row, "organisation"),
        ticket=reader.identifier(row, "ticket", normal_code)[0],
        remark=reader.text(row, "remark"),
    )
