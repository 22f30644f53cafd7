"""Fills the contents of class papers (requirements §5) from the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

import resources
from desktop_app.domain import codes, masking, turnout
from desktop_app.domain.assessments import AssessmentKind, ComponentCode, Conclusion, Score, ScoreState
from desktop_app.domain.candidates import merge_sittings
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import (
    ClassListItem,
    MarkItem,
    MemberListItem,
    SessionListItem,
)
from desktop_app.domain.papers import (
    Attendance,
    AttendanceLine,
    AttendanceSession,
    CertificateLine,
    CertificateRegister,
    ComponentScore,
    MarkSign,
    PaperContent,
    PaperHead,
    Roster,
    ScoreLine,
    ScoreRegister,
    SignIn,
    SignInPerson,
    SignInSheet,
    Timetable,
    TimetableChanges,
    TimetableLine,
    component_text,
)
from desktop_app.domain.timetable import CANCELLED
from desktop_app.services import exam_papers, opening_papers, roster_papers, signed_papers
from desktop_app.services.classes import one_class
from desktop_app.services.timetable_changes import change_lines
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.queries.enrolment import names_on
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.repositories import accounts


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A class paper to be filled at an instant (Shanghai time: its date counts).

    Unmasked where the exporter may and gave a purpose.
    """

    class_id: bytes
    at: datetime
    masked: bool
    printed_by: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What the contents of one class are filled from."""

    sql: Connection
    request: PaperRequest
    training_class: ClassListItem
    head: PaperHead
    sessions: list[SessionListItem]
    members: list[MemberListItem]
    former: dict[date, dict[bytes, tuple[str, str]]] = field(default_factory=dict)

    def former_on(self, on: date) -> dict[bytes, tuple[str, str]]:
        """Return name and document number of those who had others on a day; each day is asked for once."""
        if on not in self.former:
            self.former[on] = names_on(self.sql, on)
        return self.former[on]


def fill(sql: Connection, kind: str, request: PaperRequest) -> PaperContent:
    """Return the content of a paper; KeyError for an unknown kind, AppError CLASS_UNKNOWN."""
    filler = FILLERS[kind]
    institution = accounts.institution(sql)
    item = one_class(sql, request.class_id, request.at.date())
    head = PaperHead(
        institution=institution.name,
        class_code=item.code,
        data_time=request.at,
        project=item.project_name or "",
        occupation=item.trade or "",
        level=codes.level_name(item.level) if item.level else "",
        starts_on=item.start_on,
        ends_on=item.end_on,
        printed_by=request.printed_by,
        demo=institution.demo,
        solo=institution.solo,
    )
    sessions = class_queries.session_items(sql, class_id=item.id)
    members = class_queries.member_items(sql, item.id, masked=request.masked)
    return filler(_Source(sql, request, item, head, sessions, members))


def _roster(source: _Source) -> PaperContent:
    on = source.request.at.date()
    return Roster(source.head, roster_papers.roster_lines(source.sql, source.members, on))


def _registrations(source: _Source) -> PaperContent:
    return roster_papers.registrations(source.sql, source.head, source.training_class.id, source.members)


def _identity_on(
    source: _Source, on: date | None, trainee_id: bytes, name: str, number: str
) -> tuple[str, str]:
    """Return name and document number as they were valid on a paper's date (更名, 更正证件); those given else."""
    former = None if on is None else source.former_on(on).get(trainee_id)
    if former is None:
        return name, number
    masked = source.request.masked or "*" in number
    return former[0], masking.mask_document(former[1]) if masked else former[1]


def _line(session: SessionListItem) -> TimetableLine:
    return TimetableLine(
        number=session.number,
        date=session.held_on,
        start=session.starts_at,
        end=session.ends_at,
        hours=session.hours,
        content=session.content,
        mode=resources.text(f"mode.{session.mode}"),
        place=session.place,
        teacher="、".join(session.teachers),
        note=_note(session),
    )


def _note(session: SessionListItem) -> str:
    """Say what became of a session: 停课, 补第n课次, 代课 for whom."""
    parts = []
    if session.state == CANCELLED:
        parts.append(resources.text("session.cancelled"))
    if session.makes_up_number is not None:
        parts.append(resources.text("session.makes_up", number=session.makes_up_number))
    if session.substituted:
        parts.append(resources.text("session.substituted", names="、".join(session.substituted)))
    return "；".join(parts)


def _timetable(source: _Source) -> PaperContent:
    total = turnout.planned_hours(source.sessions)
    return Timetable(source.head, tuple(_line(session) for session in source.sessions), total)


def _changes(source: _Source) -> PaperContent:
    return TimetableChanges(source.head, change_lines(source.sql, source.training_class.id))


def _sign_in(source: _Source) -> PaperContent:
    sheets = []
    for session in source.sessions:
        if session.state == CANCELLED:
            continue
        due = tuple(
            SignInPerson(
                member.number or place,
                *_identity_on(
                    source, session.held_on, member.trainee_id, member.name, member.document_number
                ),
            )
            for place, member in enumerate(source.members, 1)
            if turnout.belongs(session, member)
        )
        sheets.append(SignInSheet(_line(session), due))
    return SignIn(source.head, tuple(sheets))


def _attendance(source: _Source) -> PaperContent:
    marks = attendance_queries.marks(source.sql, source.training_class.id)
    rules = turnout.rules_on(
        policy_book(source.sql), source.training_class.start_on or source.request.at.date()
    )
    counts = turnout.count_members(source.sessions, source.members, marks, source.request.at.date(), rules)
    columns = tuple(
        AttendanceSession(
            number=session.number,
            date=session.held_on,
            start=session.starts_at,
            hours=session.hours,
            due=session.members,
            attended=session.attended,
        )
        for session in source.sessions
    )
    lines = []
    for place, member in enumerate(source.members, 1):
        count = counts[member.trainee_id]
        lines.append(
            AttendanceLine(
                number=member.number or place,
                name=member.name,
                marks=tuple(_sign(session, member, marks) for session in source.sessions),
                due=count.expected,
                attended=count.present,
                rate_permille=count.subsidy_rate.tenths_of_percent(),
                document_number=member.document_number,
            )
        )
    return Attendance(source.head, columns, tuple(lines))


def _sign(
    session: SessionListItem, member: MemberListItem, marks: dict[tuple[bytes, bytes], MarkItem]
) -> MarkSign:
    if session.state == CANCELLED:
        return MarkSign.CANCELLED
    if not turnout.belongs(session, member):
        return MarkSign.OUTSIDE
    found = marks.get((session.id, member.trainee_id))
    return MarkSign.of(None if found is None else found.mark.status.value)


def _component(score: Score | None) -> ComponentScore:
    if score is None:
        return ComponentScore()
    if score.state is ScoreState.SCORED:
        return ComponentScore(tenths=score.value)
    return ComponentScore(state=score.state.value)


def _scores(source: _Source) -> PaperContent:
    """The 职业技能等级考核 where there is one, else the newest other one; what a 补考 repeated stands beside it."""
    found = results.assessment_items(source.sql, class_id=source.training_class.id)
    firsts = [item for item in found if item.resit_of is None]
    chosen = [item for item in firsts if item.kind == AssessmentKind.LEVEL] or firsts
    documents = {member.trainee_id: member.document_number for member in source.members}
    lines = []
    for item in chosen[-1:]:
        rows = results.score_rows(source.sql, item)
        again = _sat_again(source, found, item)
        for place, row in enumerate(rows, 1):
            name, document = _identity_on(
                source, item.held_on, row.trainee_id, row.name, documents.get(row.trainee_id, "")
            )
            sittings = again.get(row.trainee_id, [])
            merged = merge_sittings(item.components, item.rule, [row.scores, *sittings])
            conclusion = merged.outcome.conclusion if sittings else row.conclusion
            total = merged.outcome.total
            lines.append(
                ScoreLine(
                    number=row.number or place,
                    name=name,
                    ticket=row.ticket or "",
                    theory=_component(row.scores.get(ComponentCode.THEORY)),
                    practice=_component(row.scores.get(ComponentCode.PRACTICE)),
                    review=_component(row.scores.get(ComponentCode.REVIEW)),
                    process=_component(row.scores.get(ComponentCode.PROCESS)),
                    total=row.total if total is None else total,
                    resit=_resit_text(item, merged.repeated),
                    conclusion="" if conclusion is Conclusion.NONE else conclusion.value,
                    exam_date=item.held_on,
                    organisation=item.organisation or "",
                    document_number=document,
                )
            )
    return ScoreRegister(source.head, tuple(lines))


def _sat_again(
    source: _Source, items: list[AssessmentItem], first: AssessmentItem
) -> dict[bytes, list[dict[ComponentCode, Score]]]:
    """Return by person the results of every 补考 that goes back to a first sitting, in their order."""
    chain = {first.id}
    found: dict[bytes, list[dict[ComponentCode, Score]]] = {}
    for item in items:
        if item.resit_of in chain:
            chain.add(item.id)
            for row in results.score_rows(source.sql, item):
                found.setdefault(row.trainee_id, []).append(row.scores)
    return found


def _resit_text(item: AssessmentItem, repeated: dict[ComponentCode, Score]) -> str:
    """Return what stands under 补考: each component that was sat again with its last result, e.g. 实操 66."""
    parts = [
        resources.text(
            "papers.resit",
            component=resources.text(f"papers.component.{one.code.value}"),
            result=component_text(_component(repeated[one.code])),
        )
        for one in item.components
        if one.code in repeated
    ]
    return "、".join(parts)


def _certificates(source: _Source) -> PaperContent:
    items = results.certificate_items(source.sql, class_id=source.training_class.id)
    identities = [
        _identity_on(source, item.issued_on, item.trainee_id, item.name, item.document_number)
        for item in items
        if item.state not in {"void", "replaced"}
    ]
    lines = tuple(
        CertificateLine(
            number=place,
            name=identities[place - 1][0],
            document_number=identities[place - 1][1],
            occupation=item.trade or "",
            level=codes.level_name(item.level) if item.level else "",
            certificate_number=item.number or "",
            issued_on=item.issued_on,
        )
        for place, item in enumerate((one for one in items if one.state not in {"void", "replaced"}), 1)
    )
    return CertificateRegister(source.head, lines)


def _tickets(source: _Source) -> PaperContent:
    return exam_papers.tickets(source.sql, source.training_class.id, source.head, source.members)


def _exam_sign_in(source: _Source) -> PaperContent:
    return exam_papers.exam_sign_in(source.sql, source.training_class.id, source.head, source.members)


def _completion(source: _Source) -> PaperContent:
    return exam_papers.completion(source.sql, source.training_class.id, source.head)


def _opening(source: _Source) -> PaperContent:
    return opening_papers.application(source.sql, source.training_class.id, source.head)


def _departures(source: _Source) -> PaperContent:
    return opening_papers.departures(
        source.sql, source.training_class, source.head, source.members, source.request.at.date()
    )


def _signed(kind: str, source: _Source) -> PaperContent:
    return signed_papers.signed(kind, source.head, source.training_class, source.members, source.sessions)


FILLERS: dict[str, Callable[[_Source], PaperContent]] = {
    "opening": _opening,
    "departures": _departures,
    "roster": _roster,
    "registration": _registrations,
    "agreement": partial(_signed, "agreement"),
    "commitment": partial(_signed, "commitment"),
    "timetable": _timetable,
    "changes": _changes,
    "sign-in": _sign_in,
    "attendance": _attendance,
    "tickets": _tickets,
    "exam-sign-in": _exam_sign_in,
    "scores": _scores,
    "certificates": _certificates,
    "completion": _completion,
}
