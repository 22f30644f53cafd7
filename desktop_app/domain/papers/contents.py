"""What a paper says: frozen contents that services fill and the PDF and Excel writers print.

A content holds exactly what is to be printed: masking is decided by whoever fills it (requirements §9), rates and
totals come from the one attendance arithmetic, texts of code tables are already names. Writers compute nothing but
layout. Papers and columns are those of requirements §5.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import ClassVar, Protocol, cast

CODE_LENGTH = 10
_NOT_CONTENT = frozenset({"data_time", "printed_by", "photo", "letterhead", "logo"})
"""Printing again later, by another or under another letterhead changes no content; a photo is known by its digest."""


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What every paper of a class carries in its head and foot; empty texts are left out.

    ``data_time`` is aware and printed in Asia/Shanghai. ``paper_number`` is the institution's 表号.
    ``demo`` prints 演示数据 on every page, ``solo`` (一人办班) 经办、审核同一人.
    ``printed_by`` names who exported, for unmasked papers. ``letterhead`` and ``logo`` (JPEG) are the institution's
    own, over the title of a first page.
    """

    institution: str
    class_code: str
    data_time: datetime
    class_name: str = ""
    project: str = ""
    occupation: str = ""
    level: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    paper_number: str = ""
    printed_by: str = ""
    demo: bool = False
    solo: bool = False
    letterhead: str = ""
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of the 花名册; document, phone and household as they may be shown, codes as names."""

    number: int
    name: str
    document_number: str
    sex: str = ""
    ethnicity: str = ""
    age: int | None = None
    education: str = ""
    category: str = ""
    key_group: str = ""
    student_number: str = ""
    major: str = ""
    employer: str = ""
    post: str = ""
    household: str = ""
    phone: str = ""
    evidence: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """花名册."""

    kind: ClassVar[str] = "roster"
    head: PaperHead
    lines: tuple[RosterLine, ...]


@dataclass(frozen=True, slots=True)
class TimetableLine:
    """One 课次: local times as HH:MM, hours in 课时, mode as a name, note such as 补第3次课 or 停课."""

    number: int
    date: date
    start: str
    end: str
    hours: int
    content: str
    mode: str = ""
    place: str = ""
    teacher: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timetable:
    """教学计划/课程表; ``total_hours`` in 课时 without sessions that count nowhere (停课)."""

    kind: ClassVar[str] = "timetable"
    head: PaperHead
    lines: tuple[TimetableLine, ...]
    total_hours: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a 课次: its number, what was done, the values before and after in words, why, who, and when."""

    session: int
    change: str
    before: str
    after: str
    reason: str
    changed_by: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class TimetableChanges:
    """课表变更单; times as YYYY-MM-DD HH:MM of Shanghai."""

    kind: ClassVar[str] = "changes"
    head: PaperHead
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class SignInPerson:
    """A member who is due; ``document_number`` only tells namesakes apart by its tail."""

    number: int
    name: str
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """签到表 of one half day (a 课次), for signing by hand."""

    session: TimetableLine
    people: tuple[SignInPerson, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """签到表 of one or more half days, each on pages of its own."""

    kind: ClassVar[str] = "sign-in"
    head: PaperHead
    sheets: tuple[SignInSheet, ...]


class MarkSign(Enum):
    """What stands in a cell of the 考勤表, with the sign that is printed."""

    PRESENT = "√"
    LATE = "△"
    EARLY = "▽"
    LEAVE = "○"
    ABSENT = "×"
    UNMARKED = ""
    OUTSIDE = "／"  # 未入班, 已退训
    CANCELLED = "—"  # 停课

    @classmethod
    def of(cls, status: str | None) -> MarkSign:
        """Return the sign of a mark's status code (present late early leave absent; None = 未登记).

        Raises KeyError for an unknown code.
        """
        return cls.UNMARKED if status is None else cls[status.upper()]


@dataclass(frozen=True, slots=True)
class AttendanceSession:
    """A column of the 考勤表: due and attended are people of that session, hours its 课时."""

    number: int
    date: date
    start: str
    hours: int
    due: int
    attended: int


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One person's marks in the order of the sessions; due and attended in 课次; the rate in tenths of a percent.

    ``rate_permille`` is by 课时 and rounded down (79.96 % is 799); None prints —.
    """

    number: int
    name: str
    marks: tuple[MarkSign, ...]
    due: int
    attended: int
    rate_permille: int | None
    document_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """考勤表: 学员 × 课次. Raises ValueError where a person has not one mark a session."""

    kind: ClassVar[str] = "attendance"
    head: PaperHead
    sessions: tuple[AttendanceSession, ...]
    lines: tuple[AttendanceLine, ...]

    def __post_init__(self) -> None:
        if any(len(line.marks) != len(self.sessions) for line in self.lines):
            raise ValueError("each person has one mark a session")


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component's result in tenths of a point, or its state code absent, deferred, violation; or neither."""

    tenths: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One person's results. ``total`` in tenths; ``conclusion`` passed, failed or ""; ``resit`` as it is printed."""

    number: int
    name: str
    ticket: str = ""
    theory: ComponentScore = ComponentScore()
    practice: ComponentScore = ComponentScore()
    review: ComponentScore = ComponentScore()
    process: ComponentScore = ComponentScore()
    total: int | None = None
    resit: str = ""
    conclusion: str = ""
    exam_date: date | None = None
    organisation: str = ""
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRegister:
    """成绩登记册; 综合评审 is a column always, 过程 only where someone has one."""

    kind: ClassVar[str] = "scores"
    head: PaperHead
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One certificate of the 证书发放登记表; the document masked; ``received`` as printed, e.g. 本人 2020-12-30."""

    number: int
    name: str
    document_number: str
    occupation: str = ""
    level: str = ""
    certificate_number: str = ""
    issued_on: date | None = None
    received: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRegister:
    """证书发放登记表."""

    kind: ClassVar[str] = "certificates"
    head: PaperHead
    lines: tuple[CertificateLine, ...]


class PaperContent(Protocol):
    """Any content of a paper: a frozen dataclass with its ``kind`` and its head."""

    kind: ClassVar[str]

    @property
    def head(self) -> PaperHead:
        """Return what every paper carries in head and foot."""


@dataclass(frozen=True, slots=True)
class PaperResult:
    """What a PDF builder hands back: pages, characters that no shipped font has (printed as 〓), the content's code."""

    pages: int
    missing_glyphs: tuple[str, ...]
    content_code: str


def _on() -> None:
    """Go on."""


def content_code(content: PaperContent, step: Callable[[], None] = _on) -> str:
    """Return the short code printed on a paper: first 10 hex digits of SHA-256 over what it says.

    Data time and exporter are left out, so the same content has the same code whenever and by whomever it is printed.
    ``step`` is called for each line; what it raises stops the work.
    """
    digest = hashlib.sha256()
    for part in _said(content.kind, cast("dict[str, object]", _plain(content, step))):
        step()
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:CODE_LENGTH]


def _said(kind: str, plain: dict[str, object]) -> Iterator[str]:
    """Yield the JSON of a kind and its content, its keys in order, line by line: a long list takes its time."""
    yield f"[{_json(kind)},{{"
    for place, (name, value) in enumerate(sorted(plain.items())):
        yield f"{',' if place else ''}{_json(name)}:"
        if isinstance(value, list):
            yield "["
            for number, item in enumerate(value):
                yield f"{',' if number else ''}{_json(item)}"
            yield "]"
        else:
            yield _json(value)
    yield "}]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain_content(content: PaperContent) -> object:
    """Return a content as plain values (dicts, lists, texts, numbers) without data time and exporter, for JSON."""
    return _plain(content, _on)


def _plain(value: object, step: Callable[[], None]) -> object:
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value):
        step()
        names = (field.name for field in fields(value) if field.name not in _NOT_CONTENT)
        return {name: _plain(getattr(value, name), step) for name in names}
    if isinstance(value, tuple):
        return [_plain(item, step) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
