"""证书发放登记表: certificate numbers with room to sign for each; the document as the caller masked it (§四.3)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import CertificateLine, CertificateRegister, PaperResult
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import MM, Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("name", Column("", most=80, stretch=0.4)),
    ("document", Column("", tabular=True, stretch=0)),
    ("occupation", Column("", stretch=0.5)),
    ("level", Column("", stretch=0.3)),
    ("certificate_number", Column("", tabular=True, stretch=0)),
    ("issued_on", Column("", tabular=True, stretch=0)),
    ("received", Column("", least=62, stretch=1)),
)


def build(out: BinaryIO, content: CertificateRegister) -> PaperResult:
    """Write the 证书发放登记表 as PDF, A4 portrait, rows ≥ 8 mm for signing."""
    head = content.head
    section = Section(
        title=resources.text("papers.title.certificates"),
        meta=(*class_meta(head), resources.text("papers.meta.certificates", count=len(content.lines))),
        table=Table(
            columns(_COLUMNS), tuple(_cells(line) for line in content.lines), row_height=8.5 * MM, size=8.5
        ),
        signatures=(resources.text("papers.sign.issuer"), review_signature(head)),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)


def _cells(line: CertificateLine) -> Cells:
    return (
        str(line.number),
        line.name,
        line.document_number,
        line.occupation,
        line.level,
        line.certificate_number,
        line.issued_on.isoformat() if line.issued_on else "",
        line.received,
    )
