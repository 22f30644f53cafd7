"""What a report says of a class now: its records with their fields, named as the contract names them.

Dates are ISO text, hours 课时, scores tenths of a point; a field without a value is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain import projects, turnout
from desktop_app.domain.assessments import ComponentCode
from desktop_app.domain.attendance import Mark
from desktop_app.domain.listings.completion import Outcome
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.records import CERTIFICATE, TRAINEE, TRAINING_CLASS
from desktop_app.store import aliases
from desktop_app.store.journal import decode_header
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import employment as employment_queries
from desktop_app.store.queries import projects as project_queries
from desktop_app.store.queries import results
from desktop_app.store.queries import supervision as supervision_queries
from desktop_app.store.queries.claim_statement import reported_claims
from desktop_app.store.queries.completion import class_completion
from desktop_app.store.queries.opening import class_opening
from desktop_app.store.record_tables import known_table


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A record of a report: kind, key and the fields that have a value."""

    kind: str
    key: bytes
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class ReportedClass:
    """A class, project or order as reports name it; ``gone``: it is no more, but something of it is still accepted."""

    id: bytes
    code: str
    has_project: bool
    gone: bool = False
    is_project: bool = False
    is_order: bool = False

    @property
    def subject(self) -> str:
        """Return what the contract calls the subject."""
        return self.id.hex()


def reported_classes(sql: Connection, accepted: Collection[str]) -> list[ReportedClass]:
    """Return own projects and classes in the order of their codes, then those ``accepted`` that are no more."""
    rows = sql.exec_driver_sql(
        "SELECT c.id, coalesce(c.code, ''), p.id IS NOT NULL, c.gone FROM training_class c"
        " LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0 ORDER BY c.gone, c.code, c.id"
    )
    found = [ReportedClass(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows]
    submitted = sql.exec_driver_sql(
        "SELECT id, coalesce(code, ''), gone FROM project WHERE origin = 'own' AND submission > 0"
        " ORDER BY gone, code, id"
    )
    found[:0] = [
        ReportedClass(row[0], row[1], has_project=True, gone=bool(row[2]), is_project=True)
        for row in submitted
    ]
    replied = sql.exec_driver_sql(
        "SELECT r.order_id, coalesce(o.document, ''), r.gone FROM rectification r"
        " JOIN supervision_event o ON o.id = r.order_id ORDER BY r.gone, o.issued_on, o.id"
    )
    found += [
        ReportedClass(row[0], row[1], has_project=True, gone=bool(row[2]), is_order=True) for row in replied
    ]
    return [one for one in found if not one.gone or one.subject in accepted]


def sealers(sql: Connection) -> dict[bytes, str]:
    """Return who sealed each batch."""
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    rows = sql.exec_driver_sql(
        "SELECT b.id, e.header FROM batch b JOIN journal_entry e ON e.seq = b.base WHERE b.gone = 0"
    )
    return {row[0]: users.get(decode_header(row[1]).user, "") for row in rows}


def opening(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """开班备案: what is applied for, once something of the opening of a class is recorded."""
    found = class_opening(sql, class_id)
    if found is None:
        return
    yield _record(
        "opening",
        class_id,
        code=found.code,
        project_code=found.project_code or None,
        trade=found.trade,
        level=found.level,
        start=None if found.start_on is None else found.start_on.isoformat(),
        end=None if found.end_on is None else found.end_on.isoformat(),
        region=found.region,
        planned_hours=found.hours or None,
        planned_people=found.people or None,
        place=found.place or None,
        head=found.facts.head or None,
        contact=found.facts.contact or None,
        phone=found.facts.phone or None,
        teachers=[[one.name, one.employment, list(one.qualities)] for one in found.teachers] or None,
        organisation=found.organisation or None,
        channel=found.channel,
        enterprise=found.enterprise or None,
        local_pool=True if found.local_pool else None,
    )


def roster(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """名册: the class, its people and their enrolments."""
    record = known_table(TRAINING_CLASS).fetch(sql, class_id)
    if record is None or record.gone:
        return
    members = class_queries.member_items(sql, class_id, masked=False)
    yield _class_record(sql, class_id, record.fields, len(members))
    trainees = known_table(TRAINEE).fetch_many(sql, [member.trainee_id for member in members])
    for key, trainee in sorted(trainees.items()):
        person = {name: trainee.fields[name] for name in _PERSONAL}
        yield _record("trainee", key, **person, studying=bool(trainee.fields["studying"]))
    employers: dict[bytes, str | None] = dict(
        sql.exec_driver_sql(
            "SELECT trainee_id, employer_uscc FROM enrolment WHERE class_id = ? AND gone = 0", (class_id,)
        ).all()
    )
    for member in sorted(members, key=lambda one: one.trainee_id):
        yield _enrolment_record(member, employers.get(member.trainee_id))


_LEFT = frozenset({"withdrawn", "transferred"})
_PERSONAL = (
    "name",
    "document_type",
    "document_number",
    "sex",
    "birth",
    "ethnicity",
    "education",
    "phone",
    "household_region",
)


def _class_record(
    sql: Connection, class_id: bytes, fields: Mapping[str, object], people: int
) -> StatementRecord:
    project = next(
        (item for item in project_queries.project_items(sql) if item.id == fields["project_id"]), None
    )
    sessions = class_queries.session_items(sql, class_id=class_id)
    region = sql.exec_driver_sql(
        "SELECT coalesce((SELECT region FROM site WHERE id = ? AND gone = 0),"
        " (SELECT region FROM institution WHERE gone = 0))",
        (fields["site_id"],),
    ).scalar()
    return _record(
        "class",
        class_id,
        code=fields["code"],
        project_code=None if project is None else project.code,
        trade=None if project is None else project.trade,
        level=None if project is None else project.level,
        start=fields["start_on"],
        end=fields["end_on"],
        region=region,
        planned_hours=turnout.planned_hours(sessions) or None,
        planned_people=people or None,
        organisation=fields["organisation"] or (None if project is None else project.organisation),
    )


def _enrolment_record(member: MemberListItem, employer_uscc: str | None) -> StatementRecord:
    periods = [
        [one.first.isoformat(), None if one.last is None else one.last.isoformat()] for one in member.periods
    ]
    return _record(
        "enrolment",
        member.class_id + member.trainee_id,
        number=member.number,
        enrolled_on=None if member.enrolled_on is None else member.enrolled_on.isoformat(),
        category=member.category,
        periods=periods,
        key_group=member.key_group,
        evidence_kind=member.evidence_kind,
        evidence_number=member.evidence_number,
        employer=member.employer,
        student_number=member.student_number,
        major=member.major,
        employer_uscc=employer_uscc,
        post=member.post,
        state=member.state if member.state in _LEFT else None,
        channel=member.channel,
        carried_hours=member.carried_hours or None,
    )


def attendance(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """课程与考勤: sessions that are not cancelled, and the marks of members in them."""
    sessions = [
        item for item in class_queries.session_items(sql, class_id=class_id) if item.state != "cancelled"
    ]
    members = class_queries.member_ids(sql, class_id)
    for item in sorted(sessions, key=lambda one: one.id):
        yield _record(
            "session",
            item.id,
            class_id=class_id,
            number=item.number,
            date=item.held_on.isoformat(),
            start=item.starts_at,
            end=item.ends_at,
            hours=item.hours,
            teachers=list(item.teachers),
            content=item.content or None,
            mode=item.mode,
            place=item.place or None,
            makes_up=item.makes_up,
            makes_up_for=None if item.makes_up_for is None else list(item.makes_up_for),
            online_platform=item.online_platform,
            online_minutes=item.online_minutes,
            identity_checks=item.identity_checks,
        )
    held = {item.id for item in sessions}
    said: dict[Mark, dict[str, object]] = {}  # of thousands of marks a handful differs
    for (session, trainee), found in sorted(attendance_queries.marks(sql, class_id).items()):
        if session in held and trainee in members:
            if found.mark not in said:
                said[found.mark] = _mark_fields(found.mark)
            yield StatementRecord("mark", session + trainee, said[found.mark])


def _mark_fields(mark: Mark) -> dict[str, object]:
    fields: dict[str, object] = {"status": mark.status.value, "lost_hours": mark.lost_hours}
    return fields if mark.reason is None else fields | {"reason": mark.reason.value}


def assessment(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """考核结果: assessments with their scheme, and the scores that were entered."""
    found = results.assessment_items(sql, class_id=class_id)
    for item in sorted(found, key=lambda one: one.id):
        yield _record(
            "assessment",
            item.id,
            class_id=class_id,
            kind=item.kind,
            date=None if item.held_on is None else item.held_on.isoformat(),
            components=[[one.code.value, one.full, one.pass_mark, one.weight] for one in item.components],
            rule=item.rule.value,
            organisation=item.organisation,
        )
    for item in sorted(found, key=lambda one: one.id):
        for row in sorted(results.score_rows(sql, item), key=lambda one: one.trainee_id):
            if row.scores:
                yield _record(
                    "score",
                    item.id + row.trainee_id,
                    components={
                        code.value: [row.scores[code].state.value, row.scores[code].value]
                        for code in sorted(ComponentCode)
                        if code in row.scores
                    },
                    conclusion=row.conclusion.value,
                    ticket=row.ticket,
                )


def certificate(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """证书: every issue that stands; void and replaced ones are left out."""
    twins, told = aliases.twins_of(sql, class_id), set[bytes]()
    items = results.certificate_items(sql, class_id=class_id, masked=False)
    for item in sorted(items, key=lambda one: one.trainee_id in twins) if twins else items:
        if item.state in {"void", "replaced"} or item.number is None:
            continue
        person = twins.get(item.trainee_id, item.trainee_id)
        key = CERTIFICATE.join_key((item.assessment_id, person, item.issue))
        if key in told:  # one holding, entered under both ids of the person; two numbers are a risk flag
            continue
        told.add(key)
        yield _record(
            "certificate",
            key,
            number=item.number,
            kind=item.kind,
            issuer=item.issuer,
            issued_on=None if item.issued_on is None else item.issued_on.isoformat(),
            level=item.level,
            trade=item.trade,
        )


def completion(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """结业: the numbers of a class that is completed, and what became of each of its people."""
    found = class_completion(sql, class_id)
    if found is None:
        return
    yield _record(
        "completion",
        class_id,
        completed_on=found.completed_on.isoformat(),
        enrolled=len(found.people),
        passed=found.passed,
        certified=found.certified,
        **{outcome.value: found.count(outcome) for outcome in Outcome},
    )
    for one in sorted(found.people, key=lambda person: person.trainee_id):
        yield _record(
            "finisher",
            class_id + one.trainee_id,
            outcome=one.outcome.value,
            planned_hours=one.planned_hours,
            attended_hours=one.attended_hours,
            conclusion=one.conclusion,
            certified=True if one.certificate is not None else None,
        )


def employment(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """就业月报: what was found out about the people of a class, month by month."""
    for key, fields in employment_queries.reported(sql, class_id):
        yield _record("follow_up", key, **fields)


def rectification(sql: Connection, order_id: bytes) -> Iterator[StatementRecord]:
    """整改回复 to an order, once it is written."""
    fields = supervision_queries.reported(sql, order_id)
    if fields is not None:
        yield _record("rectification", order_id, **fields)


def claim(sql: Connection, class_id: bytes) -> Iterator[StatementRecord]:
    """补贴申报: the claims that were submitted, and who is in them."""
    for kind, key, fields in reported_claims(sql, class_id):
        yield _record(kind, key, **fields)


def project(sql: Connection, project_id: bytes) -> Iterator[StatementRecord]:
    """项目申报: the last submission as it was made (三.1, 三.2, 六.2)."""
    entry = project_queries.submitted_entry(sql, project_id)
    if entry is not None:
        level = projects.Level(entry["wanted_level"]).name.lower()
        values = {name: entry[name] for name in _SUBMITTED}
        yield _record("submission", project_id, **values, wanted_level=level, signed=bool(entry["signed"]))


# fmt: off
_SUBMITTED = (
    "code", "name", "version", "submission", "submitted_on", "affiliation", "region", "audience", "institution",
    "content", "form", "hours", "schedule", "trade", "level", "organisation", "fee_fen", "subsidy_fen", "enterprise",
    "planned_on", "surveys", "minutes",
)
# fmt: on


REPORTS: dict[str, Callable[[Connection, bytes], Iterator[StatementRecord]]] = {
    "project": project,
    "opening": opening,
    "roster": roster,
    "attendance": attendance,
    "assessment": assessment,
    "certificate": certificate,
    "completion": completion,
    "claim": claim,
    "employment": employment,
    "rectification": rectification,
}


def _record(kind: str, key: bytes, /, **fields: object) -> StatementRecord:
    return StatementRecord(kind, key, {name: value for name, value in fields.items() if value is not None})
