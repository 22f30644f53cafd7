"""Reads a 花名册: who is to be trained, with evidence, whatever the columns are called."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.normalising import normal_code, normal_document, normal_name, normal_phone, normal_text
from desktop_app.excel.problems import Normalisation
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import RowReader, data_rows, sheet_problems, whole_number

_WANTED = Wanted(WorkbookKind.ROSTER, (("name",), ("document_number",)))
_KEYS = ("name", "document_number")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_PAPER = r"证书|证明|证|手册|户口簿|户口本|合同|声明|承诺书"
_EVIDENCE = re.compile(
    rf"(?P<kind>[^\d:：()（）A-Za-z]*(?:{_PAPER}))"
    r"(?:(?:编号|号码|号)?\s*[:：]?\s*[（(]?(?P<number>[A-Za-z0-9][A-Za-z0-9\-_/]*)[）)]?)?"
)
_LABELLED = re.compile(r"(?P<kind>[^:：]{1,30})[:：]\s*(?P<number>[A-Za-z0-9（）()\-_/第字号\u4e00-\u9fff]*)")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a roster: normalised texts ("" = not stated), raw texts and columns by field name.

    ``row`` is the spreadsheet's number of the row. ``document_type`` is the text of that column, ""
    where the sheet has none (then it is a 居民身份证). ``rounded``: Excel has destroyed the document number.
    """

    row: int
    number: int | None
    name: str
    document_number: str
    document_type: str
    sex: str
    ethnicity: str
    phone: str
    category: str
    key_group: str
    major_or_post: str
    student_number: str
    education: str
    evidence_kind: str
    evidence_number: str
    employer: str
    employer_code: str
    school: str
    grade: str
    address: str
    household: str
    account: str
    bank: str
    remark: str
    enrolled_on: dt.date | None
    birth_date: dt.date | None
    rounded: bool
    raw: Mapping[str, str]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSheet(SheetReading):
    """A roster as read."""

    rows: tuple[RosterRow, ...]


def read_roster(
    path: Path, mapping: Mapping[str, str] | None = None, sheet: str | None = None, limit: int = ROW_LIMIT
) -> RosterSheet:
    """Read the roster in the file at ``path``.

    ``mapping`` (column letter → field or ``ignore``) goes over what is recognised. Raises what ``read_workbook``
    and ``find_head`` raise. Problems of rows: ID_ROUNDED, NUMBER_ROUNDED,
    DATE_UNREADABLE; names and documents are the domain's to check.
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    reader = RowReader(head, problems, normalised)
    rows = tuple(_roster_row(reader, number) for number in data_rows(head, _KEYS))
    return RosterSheet(rows=rows, **reading(head, problems, normalised))


def _roster_row(reader: RowReader, row: int) -> RosterRow:
    name = reader.text(row, "name", normal_name)
    document, rounded = reader.identifier(row, "document_number", normal_document)
    evidence = split_evidence(reader.text(row, "evidence"))
    return RosterRow(
        row=row,
        number=whole_number(reader.cell(row, "number")),
        name=name,
        document_number=document,
        document_type=reader.text(row, "document_type"),
        sex=reader.text(row, "sex"),
        ethnicity=reader.text(row, "ethnicity"),
        phone=reader.text(row, "phone", normal_phone),
        category=reader.text(row, "category"),
        key_group=reader.text(row, "key_group"),
        major_or_post=reader.text(row, "major_or_post"),
        student_number=reader.identifier(row, "student_number", normal_code)[0],
        education=reader.text(row, "education"),
        evidence_kind=evidence.kind,
        evidence_number=evidence.number,
        employer=reader.text(row, "employer") or evidence.employer,
        employer_code=reader.text(row, "employer_code", normal_code) or evidence.employer_code,
        school=reader.text(row, "school"),
        grade=reader.text(row, "grade"),
        address=reader.text(row, "address"),
        household=reader.text(row, "household"),
        account=reader.identifier(row, "account", normal_code)[0],
        bank=reader.text(row, "bank"),
        remark=reader.text(row, "remark"),
        enrolled_on=reader.date(row, "enrolled_on"),
        birth_date=reader.date(row, "birth_date"),
        rounded=rounded,
        raw=reader.raw(row),
        columns=reader.letters,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the column 佐证材料/工作单位 says: a document with its number, or an employer with its code."""

    kind: str = ""
    number: str = ""
    employer: str = ""
    employer_code: str = ""


def split_evidence(text: str) -> Evidence:
    """Split ``扶贫手册：1151707710`` into kind and number; a firm is an employer, with its credit code if given."""
    plain = normal_text(text)
    if not plain:
        return Evidence()
    match = _EVIDENCE.fullmatch(plain) or _LABELLED.fullmatch(plain)
    if match and not re.search(r"单位|公司|企业", match["kind"]):
        return Evidence(kind=match["kind"].strip(), number=(match["number"] or "").strip())
    labelled = re.sub(r"^[^:：]*(单位|公司|企业)(名称)?\s*[:：]\s*", "", plain)
    code = _CREDIT_CODE.search(labelled.upper())
    name = labelled if code is None else labelled[: code.start()] + labelled[code.end() :]
    name = re.sub(
        r"[（(]\s*[）)]$|[\s,，;；、/:：]+$", "", re.sub(r"(统一社会)?信用代码\s*[:：]?\s*", "", name)
    ).strip()
    return Evidence(employer=name, employer_code=code.group() if code else "")
