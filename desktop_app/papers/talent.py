"""技能人才统计表: distinct holders by level, trade and region (§五.一.4)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult, TalentTable, talent_notes
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("grouping", Column("", stretch=0.5)),
    ("group_name", Column("", align="left", stretch=1)),
    ("holders", Column("", align="right", tabular=True, stretch=0.3)),
)


def build(out: BinaryIO, content: TalentTable) -> PaperResult:
    """Write the 技能人才统计表 as PDF, A4 portrait."""
    head = content.head
    rows = tuple((line.group, line.name, str(line.people)) for line in content.lines)
    section = Section(
        title=resources.text("papers.title.talent"),
        meta=(*class_meta(head), resources.text("papers.meta.until", value=content.until.isoformat())),
        table=Table(columns(_COLUMNS), rows, row_height=22, row_least=16, size=10),
        notes=talent_notes(content),
        signatures=(resources.text("papers.sign.preparer"), review_signature(head)),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)
