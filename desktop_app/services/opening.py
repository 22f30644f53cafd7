"""开班: what a class must have before it opens (R07, R13, R25, R26, R29), its 备案, and who lacks basic data (R33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from desktop_app.domain import classes, codes, opening, projects
from desktop_app.domain.credit_codes import check_mobile
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.opening import (
    ClassCompleteness,
    NextStep,
    OpeningItem,
    OpeningSheet,
    Topic,
)
from desktop_app.domain.listings.training import ClassListItem, SessionListItem
from desktop_app.domain.opening import Duty, PlannedSession, StaffMember, Standard
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.policy_subjects import certificate_standard, holiday_years
from desktop_app.domain.records import CLASS_OPENING, SESSION_CLASS, TRAINING_CLASS
from desktop_app.domain.rules import Finding, Severity
from desktop_app.domain.timetable import CANCELLED
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.project_standing import areas_of, project_details
from desktop_app.services.supervision import opening_findings
from desktop_app.services.teachers import teacher_findings
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import opening as queries
from desktop_app.store.queries import people, turnout
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork

TEXTS = {"enterprise": 100, "receipt": 60, "head": 80, "contact": 80, "phone": 30}
PREPARABLE = frozenset({*TEXTS, "channel", "local_pool"})
MAX_STAFF = 30
MAX_NAME = 50


class OpeningService(Service):
    """开班 of classes: what is recorded, what is missing, 备案 and the day that it opens."""

    def sheet(self, class_id: bytes) -> OpeningSheet:
        """Return the check list of a class as of today; basic data only for who may see trainees.

        Raises AppError CLASS_UNKNOWN, NOT_YOUR_CLASS.
        """
        actor = self.context.require("view_classes")
        today = self.context.today()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            item = one_class(sql, class_id, today)
            facts = queries.opening_facts(sql, class_id)
            state_on = sql.exec_driver_sql(
                "SELECT state_on FROM training_class WHERE id = ?", (class_id,)
            ).scalar()
            joint = sql.exec_driver_sql(
                "SELECT c.code || ' #' || s.number FROM session_class j JOIN session s ON s.id = j.session_id"
                " JOIN training_class c ON c.id = CASE WHEN j.class_id = ?1 THEN s.class_id ELSE j.class_id END"
                " WHERE j.gone = 0 AND (j.class_id = ?1 OR s.class_id = ?1) ORDER BY s.held_on, s.starts_at",
                (class_id,),
            )
            return OpeningSheet(
                class_id,
                item.code,
                CYCLE.state_of(item.state),
                None if state_on is None else date.fromisoformat(state_on),
                CYCLE.verbs(item.state),
                facts,
                tuple(self._seen(_items(sql, item, facts.filed_on or today))),
                tuple(row[0] for row in joint),
            )

    def next_step(self, class_id: bytes) -> NextStep:
        """Return the step that takes a class on, and what would be found if it were taken today.

        Raises AppError CLASS_UNKNOWN, NOT_YOUR_CLASS.
        """
        actor = self.context.require("view_classes")
        today = self.context.today()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            item = one_class(sql, class_id, today)
            verb = classes.FORWARD.get(CYCLE.state_of(item.state))
            if verb == "file" and item.start_on is None:
                error = AppError("CLASS_DATES_MISSING", training_class=item.code)
                return NextStep(verb, (Finding("", Severity.BLOCK, error, "training_class"),))
            if verb in {"file", "open"}:
                filed = today if verb == "file" else queries.opening_facts(sql, class_id).filed_on
                return NextStep(verb, tuple(_all(self._seen(_items(sql, item, filed)))))
            facts = queries.class_facts(sql, class_id, today)
        return NextStep(verb, () if verb is None else classes.next_step(verb, facts))

    def _seen(self, items: Iterable[OpeningItem]) -> list[OpeningItem]:
        """Keep what the acting user may see: basic data only with the people."""
        sees_people = self.context.may("view_trainees")
        return [one for one in items if sees_people or one.topic is not Topic.BASICS]

    def completeness(self, class_id: bytes) -> ClassCompleteness:
        """Return 基本信息 of a class by field, with who lacks what (R33); AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            item = one_class(sql, class_id, self.context.today())
            data = queries.basic_data(sql, class_id)
        fields = opening.completeness(data)
        lacking = {key for one in fields for key in one.lacking}
        names = {key: str(fields_of["name"] or "") for key, fields_of in data if key in lacking}
        return ClassCompleteness(item.code, len(data), fields, names)

    @command("prepare_opening")
    def prepare(
        self,
        work: UnitOfWork,
        class_id: bytes,
        fields: Mapping[str, object],
        staff: Sequence[StaffMember] | None = None,
    ) -> None:
        """Record funding (channel, enterprise, local_pool), receipt, head, contact, phone; ``staff`` replaces 工作专班.

        Raises AppError CLASS_UNKNOWN, CHANNEL_UNKNOWN, OPENING_TEXT_LONG, STAFF_NAME, FIELD_UNKNOWN, PHONE_INVALID.
        """
        if work.fields(TRAINING_CLASS, class_id) is None:
            raise AppError("CLASS_UNKNOWN", code="")
        changes = _checked(fields)
        if staff is not None:
            changes["staff"] = [_checked_member(one) for one in staff[:MAX_STAFF]]
        work.put(CLASS_OPENING, class_id, changes)

    @command("file_class")
    def file_class(
        self, work: UnitOfWork, class_id: bytes, on: date | None = None, receipt: str = ""
    ) -> None:
        """File a class with the department (开班备案): 筹备 → 已备案, as of a day (today).

        Raises AppError CLASS_UNKNOWN, CLASS_DATES_MISSING, WRONG_STEP, STEP_TO_COME; RuleErrors of everything that
        blocks (R07, R13, R25, R26, R29); the rest warns.
        """
        item = self._step(work, class_id, "file", on)
        if item.start_on is None:
            raise AppError("CLASS_DATES_MISSING", training_class=item.code)
        filed_on = on or self.context.today()
        self.context.heed(_supervised(work.sql, item, filed_on))
        self.context.heed(_all(_items(work.sql, item, filed_on)))
        filing = {"filed_on": filed_on.isoformat(), "receipt": receipt.strip()[: TEXTS["receipt"]] or None}
        work.put(CLASS_OPENING, class_id, filing)

    @command("open_class")
    def open_class(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> None:
        """Open a class: 已备案 (or 筹备, which warns) → 在训.

        Raises AppError CLASS_UNKNOWN, WRONG_STEP, STEP_TO_COME, STEP_BEFORE; RuleErrors as ``file_class``.
        """
        item = self._step(work, class_id, "open", on)
        self.context.heed(_supervised(work.sql, item, on or self.context.today()))
        facts = queries.opening_facts(work.sql, class_id)
        self.context.heed(opening.check_filed(facts.filed_on, item.code))
        self.context.heed(_all(_items(work.sql, item, facts.filed_on)))

    @command("join_session")
    def join_session(self, work: UnitOfWork, session_id: bytes, class_id: bytes) -> None:
        """Declare that a class holds its session of that time together with another class's (合班, R29).

        Raises AppError SESSION_UNKNOWN, CLASS_UNKNOWN, JOINT_SAME_CLASS, JOINT_SESSION_MISSING where the class has no
        session at that time.
        """
        shared = class_queries.session_items(work.sql, session_id=session_id)
        if not shared:
            raise AppError("SESSION_UNKNOWN", number="")
        joined = one_class(work.sql, class_id, self.context.today())
        if shared[0].class_id == class_id:
            raise AppError("JOINT_SAME_CLASS", training_class=joined.code)
        own = class_queries.session_items(work.sql, class_id=class_id, days=[shared[0].held_on])
        if not any((one.starts_at, one.ends_at) == (shared[0].starts_at, shared[0].ends_at) for one in own):
            day = shared[0].held_on.isoformat()
            raise AppError(
                "JOINT_SESSION_MISSING", training_class=joined.code, day=day, time=shared[0].starts_at
            )
        day = self.context.today().isoformat()
        work.put(SESSION_CLASS, session_id + class_id, {"joined_on": day})

    def _step(self, work: UnitOfWork, class_id: bytes, verb: str, on: date | None) -> ClassListItem:
        """Move the class along its cycle and return it as it was; AppError CLASS_UNKNOWN, WRONG_STEP, STEP_*."""
        return take_step(work, class_id, verb, on or self.context.today(), self.context.today())


def take_step(
    work: UnitOfWork, class_id: bytes, verb: str, on: date, today: date, reason: str = ""
) -> ClassListItem:
    """Write the state that a verb leads to and return the class as it was.

    Raises AppError CLASS_UNKNOWN, WRONG_STEP, REASON_MISSING, STEP_TO_COME, STEP_BEFORE.
    """
    present = work.fields(TRAINING_CLASS, class_id)
    if present is None:
        raise AppError("CLASS_UNKNOWN", code="")
    state = CYCLE.after(present["state"], verb, reason)
    former = present["state_on"]
    classes.check_step_day(on, today, None if former is None else date.fromisoformat(str(former)))
    item = one_class(work.sql, class_id, today)
    work.reason = reason.strip() or None
    work.put(TRAINING_CLASS, class_id, {"state": state, "state_on": on.isoformat()})
    return item


def _supervised(sql: Connection, item: ClassListItem, on: date) -> tuple[Finding, ...]:
    """Return what cuts and disqualification say of opening a class (R31)."""
    return opening_findings(sql, item.id, item.code, item.people, item.start_on, on)


def _all(items: Iterable[OpeningItem]) -> list[Finding]:
    return [finding for item in items for finding in item.findings]


def _items(sql: Connection, item: ClassListItem, filed_on: date | None) -> Iterable[OpeningItem]:
    """Judge each topic of an opening that is filed on a day; None: it is not filed, which is no matter here."""
    book = policy_book(sql)
    on = item.start_on or filed_on or date.max
    sessions = [one for one in class_queries.session_items(sql, class_id=item.id) if one.state != CANCELLED]
    facts = queries.opening_facts(sql, item.id)
    region = turnout.taught_at(sql, item.id, None).region
    yield OpeningItem(Topic.PLAN, _plan(book, item, sessions, on, region))
    yield OpeningItem(Topic.PLACE, _places(sql, item, sessions))
    yield OpeningItem(Topic.TEACHERS, _teachers(sql, sessions))
    yield OpeningItem(Topic.CLASHES, _clashes(sql, sessions))
    yield OpeningItem(Topic.FUNDING, opening.check_funding(facts.funding, item.code))
    yield OpeningItem(Topic.STAFF, opening.check_staff(facts.staff, item.code))
    limit = book.get("class_size", on, region=region)
    yield OpeningItem(Topic.SIZE, opening.check_class_size(item.people, limit, item.code))
    filing: tuple[Finding, ...] = ()
    if facts.filed_on is None and CYCLE.state_of(item.state) != classes.PREPARING:
        filing = opening.check_filed(None, item.code)
    elif item.start_on is not None and filed_on is not None:
        needed = book.get("filing_working_days", on, region=region)
        filing = opening.check_filing(filed_on, item.start_on, needed, item.code, holiday_years(book))
    yield OpeningItem(Topic.FILING, filing)
    yield OpeningItem(Topic.BASICS, _basics(sql, item))


def _plan(
    book: PolicyBook, item: ClassListItem, sessions: Sequence[SessionListItem], on: date, region: str | None
) -> tuple[Finding, ...]:
    found = certificate_standard(book, item.trade or "", item.level or "", on, region)
    standard = None
    if found is not None:
        severity = Severity.BLOCK if found.parameter.blocks else Severity.WARN
        standard = Standard(found.hours, found.content, severity)
    planned = [
        PlannedSession(one.number, one.held_on, one.hours, one.content, len(one.teacher_ids))
        for one in sessions
        if one.makes_up is None
    ]
    limit = book.get("hours_per_day", on, region=region)
    return (
        *opening.check_plan(planned, standard, item.code),
        *opening.check_day_hours(planned, limit, item.code),
        *opening.check_holidays(planned, item.code, holiday_years(book)),
    )


def _places(sql: Connection, item: ClassListItem, sessions: Sequence[SessionListItem]) -> tuple[Finding, ...]:
    """Check each place once against the areas of the project (R07); a class without project has none to keep to."""
    if item.project_id is None:
        return ()
    areas = areas_of(project_details(sql, item.project_id))
    sites = {None if one.mode == "online" else one.site_id for one in sessions} or {None}
    found: list[Finding] = []
    for site in sorted(sites, key=lambda key: key or b""):
        there = turnout.taught_at(sql, item.id, site)
        found += projects.check_area(there.region, areas, place=there.place, training_class=item.code)
    return tuple(found)


def _teachers(sql: Connection, sessions: Sequence[SessionListItem]) -> tuple[Finding, ...]:
    giving = {key for one in sessions for key in one.teacher_ids}
    return tuple(
        finding
        for teacher in people.teacher_items(sql)
        if teacher.id in giving
        for finding in teacher_findings(sql, teacher.id, teacher.name, teacher.employment, teacher.qualities)
    )


def _clashes(sql: Connection, sessions: Sequence[SessionListItem]) -> tuple[Finding, ...]:
    there = turnout.bookings_on(sql, sorted({one.held_on for one in sessions}))
    own = {there.joint.get(one.id, one.id) for one in sessions}
    return opening.check_clashes(there.bookings, own, there.shareable, there.name_of, there.session_name)


def _basics(sql: Connection, item: ClassListItem) -> tuple[Finding, ...]:
    data = queries.basic_data(sql, item.id)
    names = {key: str(fields["name"] or "") for key, fields in data}
    return opening.check_completeness(opening.completeness(data), names, item.code)


def _checked(fields: Mapping[str, object]) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name, value in fields.items():
        if name not in PREPARABLE:
            raise AppError("FIELD_UNKNOWN", field=name)
        if name == "local_pool":
            changes[name] = int(bool(value))
            continue
        text = str(value or "").strip() or None
        if name == "channel" and text is not None and text not in codes.table("channels").by_code:
            raise AppError("CHANNEL_UNKNOWN", value=text[:40])
        if text is not None and name in TEXTS and len(text) > TEXTS[name]:
            raise AppError("OPENING_TEXT_LONG", limit=TEXTS[name])
        changes[name] = text
    phone = changes.get("phone")
    if phone and str(phone).startswith("1"):
        check = check_mobile(str(phone))
        if check.problem is not None:
            raise check.problem
        changes["phone"] = check.normalised
    return changes


def _checked_member(member: StaffMember) -> list[object]:
    name = member.name.strip()
    if not name or len(name) > MAX_NAME:
        raise AppError("STAFF_NAME", limit=MAX_NAME)
    return [name, Duty(member.duty).value, int(member.full_time)]
