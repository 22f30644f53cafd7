"""By what a row of an attendance or result sheet names its person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.excel.normalising import normal_document, normal_name
from desktop_app.excel.table_body import RowReader, whole_number


@dataclass(frozen=True, slots=True)
class PersonKey:
    """Row, 序号, name and document number ("" = none) of a person; ``columns`` is field → letter.

    ``rounded``: the document number was a number in Excel and has lost its last digits.
    """

    row: int
    number: int | None
    name: str
    document_number: str
    rounded: bool
    columns: Mapping[str, str]


def read_person(reader: RowReader, row: int) -> PersonKey:
    """The person of a row; whether it names anyone is for ``match_people`` to say."""
    name = reader.text(row, "name", normal_name)
    document, rounded = reader.identifier(row, "document_number", normal_document)
    return PersonKey(row, whole_number(reader.cell(row, "number")), name, document, rounded, reader.letters)
