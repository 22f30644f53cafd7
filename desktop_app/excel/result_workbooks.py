"""成绩登记册, 证书发放登记表, 结业名册 and 技能人才统计表 as workbooks."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import (
    CertificateRegister,
    CompletionRegister,
    ComponentScore,
    ScoreLine,
    ScoreRegister,
    TalentTable,
    completion_tally,
    component_text,
    conclusion_text,
    distinct_names,
    outcome_text,
    score_tally,
    states_text,
    talent_notes,
    used_components,
)
from desktop_app.excel.paper_heads import column, head_meta, signatures
from desktop_app.excel.paper_styles import PaperSheet, Value, write_sheet

_RATE, _SCORE = "0.0%", "0.#"


def write_scores(out: BinaryIO, content: ScoreRegister) -> str:
    """Write the 成绩登记册; points are numbers, 缺考, 缓考 and 违纪 words in the component's cell."""
    components = used_components(content)
    columns = (
        column("number"),
        column("name", most=20),
        column("ticket", least=12),
        *(column(name, align="right", least=8, number_format=_SCORE) for name in components),
        column("total", align="right", least=8, number_format=_SCORE),
        column("states", most=24),
        column("resit"),
        column("conclusion", least=8),
        column("exam_date", least=12),
        column("organisation", align="left", most=40),
        column("examiner", least=14),
    )
    names = distinct_names(content.lines)
    rows = tuple(_score_row(line, name, components) for line, name in zip(content.lines, names, strict=True))
    sheet = PaperSheet(
        title=resources.text("papers.title.scores"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(content.lines))),
        columns=columns,
        rows=rows,
        notes=(score_tally(content),),
        signatures=signatures(content.head, "preparer", "examiner"),
    )
    return write_sheet(out, content, sheet)


def _score_row(line: ScoreLine, name: str, components: tuple[str, ...]) -> tuple[Value, ...]:
    return (
        line.number,
        name,
        line.ticket,
        *(_component(getattr(line, component)) for component in components),
        _points(line.total),
        states_text(line),
        line.resit,
        conclusion_text(line),
        line.exam_date.isoformat() if line.exam_date else "",
        line.organisation,
        "",
    )


def _component(score: ComponentScore) -> Value:
    return component_text(score) if score.state else _points(score.tenths)


def _points(tenths: int | None) -> Value:
    if tenths is None:
        return None
    return tenths / 10 if tenths % 10 else tenths // 10


def write_certificates(out: BinaryIO, content: CertificateRegister) -> str:
    """Write the 证书发放登记表, rows high enough to sign."""
    columns = (
        column("number"),
        column("name", most=20),
        column("document", least=21),
        column("occupation", most=24),
        column("level"),
        column("certificate_number", least=25),
        column("issued_on", least=12),
        column("received", least=18),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            line.number,
            line.name,
            line.document_number,
            line.occupation,
            line.level,
            line.certificate_number,
            line.issued_on.isoformat() if line.issued_on else "",
            line.received,
        )
        for line in content.lines
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.certificates"),
        meta=head_meta(content.head, resources.text("papers.meta.certificates", count=len(content.lines))),
        columns=columns,
        rows=rows,
        signatures=signatures(content.head, "issuer"),
        landscape=False,
        row_height=24,
    )
    return write_sheet(out, content, sheet)


def write_completion(out: BinaryIO, content: CompletionRegister) -> str:
    """Write the 结业名册 with its numbers below."""
    columns = (
        column("number"),
        column("name", most=20),
        column("document", least=21),
        column("outcome", least=8),
        column("planned_hours", align="right"),
        column("attended_hours", align="right"),
        column("rate", align="right", least=8, number_format=_RATE),
        column("conclusion", least=8),
        column("certificate_number", least=25),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            line.number,
            line.name,
            line.document_number,
            outcome_text(line),
            line.planned_hours,
            line.attended_hours,
            None if line.rate_permille is None else line.rate_permille / 1000,
            conclusion_text(line),
            line.certificate_number,
        )
        for line in content.lines
    )
    day = content.completed_on
    more = [] if day is None else [resources.text("papers.meta.completed_on", value=day.isoformat())]
    sheet = PaperSheet(
        title=resources.text("papers.title.completion"),
        meta=head_meta(content.head, *more, resources.text("papers.meta.people", count=len(content.lines))),
        columns=columns,
        rows=rows,
        notes=completion_tally(content),
        signatures=signatures(content.head, "preparer"),
        landscape=False,
    )
    return write_sheet(out, content, sheet)


def write_talent(out: BinaryIO, content: TalentTable) -> str:
    """Write the 技能人才统计表."""
    sheet = PaperSheet(
        title=resources.text("papers.title.talent"),
        meta=head_meta(content.head, resources.text("papers.meta.until", value=content.until.isoformat())),
        columns=(
            column("grouping", least=12),
            column("group_name", align="left", least=24),
            column("holders", align="right", least=12),
        ),
        rows=tuple((line.group, line.name, line.people) for line in content.lines),
        notes=talent_notes(content),
        signatures=signatures(content.head, "preparer"),
        landscape=False,
    )
    return write_sheet(out, content, sheet)
