"""培训协议 and 学员承诺书: a page for each trainee, to be signed by hand."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult
from desktop_app.domain.papers.signed import SignedSheets, Signer, signed_rows
from desktop_app.papers.layout import Section, build_paper, columns
from desktop_app.papers.opening import FORM
from desktop_app.papers.tables import Table
from desktop_app.papers.typesetting import Typesetter


def build(out: BinaryIO, content: SignedSheets) -> PaperResult:
    """Write the pages as PDF, A4 portrait; a class without people gives one form to be filled by hand."""
    people = content.people or (Signer(0, "", ""),)
    return build_paper(out, content, [_page(content, one) for one in people], Typesetter(), landscape=False)


def _page(content: SignedSheets, person: Signer) -> Section:
    return Section(
        title=resources.text(f"papers.title.{content.kind}"),
        meta=(),
        table=Table(columns(FORM), signed_rows(content, person), row_height=26, row_least=22, size=10.5),
        signatures=(resources.text("papers.sign.trainee"), resources.text("papers.sign.preparer")),
    )
