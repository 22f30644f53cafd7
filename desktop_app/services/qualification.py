"""Groups of a person, the one that funds an enrolment, organisers, consent (二, 四.1, 五): R01, R03, R04, R11, R12."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop_app.domain import funding_channels, pilots, qualification, trainees
from desktop_app.domain.errors import AppError
from desktop_app.domain.funding_channels import FundingChannel
from desktop_app.domain.listings.enrolment import QualificationSheet
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.pilots import PilotAnswer
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.qualification import Circumstances, Enrolling, Match
from desktop_app.domain.records import ENROLMENT, TRAINEE
from desktop_app.domain.rules import Finding, Severity
from desktop_app.domain.willingness import Consent
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.enrolment_steps import consent_fields, one_enrolment
from desktop_app.services.evidence import evidence_findings
from desktop_app.store.database import Connection
from desktop_app.store.queries import enrolment as queries
from desktop_app.store.queries.policies import pilot_table, policy_book
from desktop_app.store.record_tables import known_table
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Case:
    """An enrolment with everything that the rules about it ask."""

    who: Enrolling
    trainee_id: bytes
    training_class: ClassListItem
    person: Mapping[str, object]
    enrolment: Mapping[str, object]
    known: Circumstances
    matches: tuple[Match, ...]
    pilot: PilotAnswer
    book: PolicyBook
    region: str | None


@dataclass(frozen=True, slots=True)
class StatedGroups:
    """For how many people the stated group was chosen, and who was left out, with why."""

    chosen: int
    left: tuple[tuple[str, AppError], ...] = ()


class QualificationService(Service):
    """What a person's circumstances allow, and what was chosen."""

    def sheet(self, class_id: bytes, trainee_id: bytes) -> QualificationSheet:
        """Return the groups of an enrolment with their reasons, and what was chosen.

        Raises AppError NOT_YOUR_CLASS, TRAINEE_UNKNOWN, CLASS_UNKNOWN.
        """
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            case = _case(sql, class_id, trainee_id, self.context.today())
            row = case.enrolment
            chosen = _text(row["chosen_group"])
            group = chosen or _stated(row)
            advice = (
                _advice(sql, case, group, row["hubei_ground"], str(row["organised_by"] or ""))
                if group
                else ()
            )
            channel = _text(row["channel"]) or (_channel(sql, case, group).code if group else None)
        return QualificationSheet(
            class_id=class_id,
            trainee_id=trainee_id,
            on=case.who.on,
            known=qualification.typed_circumstances(case.known),
            matches=case.matches,
            chosen=chosen,
            stated=_stated(row),
            chosen_on=_day(row["chosen_on"]),
            choice_reason=str(row["choice_reason"] or ""),
            channel=channel,
            organisers=qualification.organisers_of(group) if group else (),
            organised_by=str(row["organised_by"] or ""),
            ground=_text(row["hubei_ground"]),
            consent_version=_text(row["consent_version"]),
            consented_on=_day(row["consented_on"]),
            sensitive_on=_day(row["sensitive_on"]),
            advice=advice,
        )

    @command("set_circumstances")
    def set_circumstances(self, work: UnitOfWork, trainee_id: bytes, fields: Mapping[str, str]) -> None:
        """Record what is known of a person (``Circumstances``, as typed); fields not named stay, blanks are forgotten.

        Raises AppError TRAINEE_UNKNOWN, FIELD_UNKNOWN, CIRCUMSTANCE_WRONG.
        """
        present = work.fields(TRAINEE, trainee_id)
        if present is None:
            raise AppError("TRAINEE_UNKNOWN")
        before = qualification.typed_circumstances(qualification.read_circumstances(present["circumstances"]))
        known = qualification.parse_circumstances({**before, **fields})
        work.put(TRAINEE, trainee_id, {"circumstances": qualification.stored_circumstances(known)})

    @command("choose_group")
    def choose_group(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_id: bytes,
        group: str,
        *,
        ground: str | None = None,
        organised_by: str | None = None,
        reason: str = "",
        enrolled_on: date | None = None,
    ) -> FundingChannel:
        """Choose the one group that funds an enrolment, fixed with channel and organisers on the enrolment date.

        ``ground`` is why it is 我省, ``organised_by`` the actual 组织单位, ``enrolled_on`` another enrolment date. Once
        a group was chosen, another one or another date needs a reason.
        Raises AppError TRAINEE_UNKNOWN, KEY_GROUP_UNKNOWN, GROUND_UNKNOWN, DATE_FUTURE; RuleErrors R01, R04.
        """
        if group not in (qualification.STUDENT, qualification.EMPLOYEE, *_groups()):
            raise AppError("KEY_GROUP_UNKNOWN", value=group[:20])
        if ground is not None and ground not in qualification.GROUNDS:
            raise AppError("GROUND_UNKNOWN", value=ground[:20])
        present = one_enrolment(work, class_id, trainee_id)
        case = self._as_of(
            work, _case(work.sql, class_id, trainee_id, self.context.today()), enrolled_on, reason
        )
        place = ground or _text(present["hubei_ground"])
        organiser = str(present["organised_by"] or "") if organised_by is None else organised_by.strip()
        years = case.book.get("graduate_years", case.who.on)
        self.context.heed(
            (
                *qualification.check_choice(
                    case.who,
                    group,
                    case.matches,
                    chosen=_text(present["chosen_group"]),
                    reason=reason,
                    years=years,
                ),
                *_advice(work.sql, case, group, place, organiser, choice=False),
            )
        )
        channel = _channel(work.sql, case, group)
        fields = _choice(case, group, channel, place, organiser) | {"choice_reason": reason.strip() or None}
        work.reason = reason.strip() or None
        work.put(ENROLMENT, class_id + trainee_id, fields)
        self.context.heed(evidence_findings(work.sql, class_id, trainee_id, self.context.today()))
        return channel

    @command("choose_group")
    def choose_stated(self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes]) -> StatedGroups:
        """Choose for several people the group that their roster states, where none is chosen; tell who is left out.

        Left out is whom a rule blocks or whose group is not stated. That nobody would pay is said (R19); what else
        there is to say stands with each person. AppError TRAINEE_UNKNOWN.
        """
        chosen, left = 0, list[tuple[str, AppError]]()
        for trainee_id in dict.fromkeys(trainee_ids):
            present = one_enrolment(work, class_id, trainee_id)
            case = _case(work.sql, class_id, trainee_id, self.context.today())
            group = _stated(present)
            if present["chosen_group"] is not None:
                continue
            if group is None:
                left.append((case.who.person, case.who.error("GROUP_NOT_STATED")))
                continue
            place, organiser = _text(present["hubei_ground"]), str(present["organised_by"] or "")
            found = _advice(work.sql, case, group, place, organiser)
            block = next((one.error for one in found if one.severity is Severity.BLOCK), None)
            if block is not None:
                left.append((case.who.person, block))
                continue
            self.context.heed(one for one in found if one.error.code == "FUNDING_NONE")
            channel = _channel(work.sql, case, group)
            work.put(ENROLMENT, class_id + trainee_id, _choice(case, group, channel, place, organiser))
            chosen += 1
        return StatedGroups(chosen, tuple(left))

    def _as_of(self, work: UnitOfWork, case: _Case, day: date | None, reason: str) -> _Case:
        """Return an enrolment as of another date; AppError DATE_FUTURE, RuleErrors R04 where the date is fixed."""
        if day is None or day == case.who.on:
            return case
        if day > self.context.today():
            raise AppError("DATE_FUTURE", date=day.isoformat())
        chosen = _text(case.enrolment["chosen_group"])
        self.context.heed(qualification.check_kept_date(case.who, chosen, day, reason))
        class_id, trainee_id = case.training_class.id, case.trainee_id
        dated = {**case.enrolment, "enrolled_on": day.isoformat()}
        return _case(work.sql, class_id, trainee_id, self.context.today(), dated)

    @command("record_consent")
    def record_consent(
        self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], consent: Consent
    ) -> int:
        """Record that people agreed to a version of the text (R12); return how many. AppError TRAINEE_UNKNOWN."""
        for trainee_id in trainee_ids:
            one_enrolment(work, class_id, trainee_id)
            work.put(ENROLMENT, class_id + trainee_id, consent_fields(consent))
        return len(trainee_ids)


def _choice(
    case: _Case, group: str, channel: FundingChannel, place: str | None, organiser: str
) -> dict[str, object]:
    """Return what an enrolment says once its group is chosen."""
    fields: dict[str, object] = {
        "category": qualification.category_of(group),
        "key_group": group if qualification.category_of(group) == "key_group" else None,
        "enrolled_on": case.who.on.isoformat(),
        "chosen_group": group,
        "chosen_on": case.who.on.isoformat(),
        "channel": channel.code,
        "channel_document": channel.document,
        "hubei_ground": place,
        "organisers": list(qualification.organisers_of(group)),
        "organised_by": organiser or None,
    }
    if group == qualification.EMPLOYEE:
        known = _with_employer(case)
        fields |= {"employer": known.employer or None, "employer_uscc": known.employer_uscc or None}
    return fields


def _groups() -> tuple[str, ...]:
    return (qualification.GRADUATE, qualification.SCHOOL_LEAVER, *qualification.PROVEN_BY_PAPER)


def _case(
    sql: Connection,
    class_id: bytes,
    trainee_id: bytes,
    today: date,
    enrolment: Mapping[str, object] | None = None,
) -> _Case:
    """Read everything of an enrolment; ``enrolment`` is what a running command has written of it."""
    training_class = one_class(sql, class_id, today)
    person = known_table(TRAINEE).fetch(sql, trainee_id)
    if enrolment is None:
        stored_one = known_table(ENROLMENT).fetch(sql, class_id + trainee_id)
        enrolment = None if stored_one is None or stored_one.gone else stored_one.fields
    if person is None or enrolment is None:
        raise AppError("TRAINEE_UNKNOWN")
    on = _day(enrolment["enrolled_on"]) or today
    stored = person.fields["circumstances"]
    known = qualification.read_circumstances(json.loads(stored) if isinstance(stored, str) else stored)
    book = policy_book(sql)
    trade, level = training_class.trade or "", training_class.level
    answer = pilots.pilots(pilot_table(sql), known.school, trade, level, on)
    years = book.get("graduate_years", on).number()
    return _Case(
        who=Enrolling(str(person.fields["name"] or ""), training_class.code, on),
        trainee_id=trainee_id,
        training_class=training_class,
        person=person.fields,
        enrolment=enrolment,
        known=known,
        matches=qualification.matching_groups(known, on, years, answer),
        pilot=answer,
        book=book,
        region=queries.class_region(sql, class_id),
    )


def _with_employer(case: _Case) -> Circumstances:
    """Return the circumstances with the employer that the roster named, where the person's own say none."""
    known = case.known
    named, code = _text(case.enrolment["employer"]) or "", _text(case.enrolment["employer_uscc"]) or ""
    if known.employer and known.employer != named:
        return known
    return replace(known, employer=known.employer or named, employer_uscc=known.employer_uscc or code)


def _channel(sql: Connection, case: _Case, group: str) -> FundingChannel:
    facts = queries.funding_facts(sql, case.training_class.id)
    return funding_channels.channel_for(group, case.who.on, case.region, facts, case.book)


def channel_before_enrolment(
    work: UnitOfWork, class_id: bytes, trainee_id: bytes, today: date
) -> tuple[Finding, ...]:
    """Say of who applies in this command that nobody pays: by the group stated, else by those that fit (R19).

    Raises AppError TRAINEE_UNKNOWN, CLASS_UNKNOWN.
    """
    sql = work.sql
    written = dict.fromkeys(ENROLMENT.group_of_field) | one_enrolment(work, class_id, trainee_id)
    case = _case(sql, class_id, trainee_id, today, written)
    group = _text(case.enrolment["chosen_group"]) or _stated(case.enrolment)
    groups = [group] if group else [one.group for one in case.matches if one.fits]
    channel = funding_channels.best_channel(_channel(sql, case, one) for one in groups)
    who = case.who
    return funding_channels.say_channel(channel, person=who.person, class_code=who.class_code, on=who.on)


def group_findings(sql: Connection, class_id: bytes, trainee_id: bytes, today: date) -> tuple[Finding, ...]:
    """Judge the group chosen or stated of an enrolment again, as advice: what would block is said, for it is done.

    Raises AppError TRAINEE_UNKNOWN, CLASS_UNKNOWN.
    """
    case = _case(sql, class_id, trainee_id, today)
    group = _text(case.enrolment["chosen_group"]) or _stated(case.enrolment)
    if group is None:
        return ()
    years = case.book.get("graduate_years", case.who.on)
    found = list(
        qualification.check_choice(case.who, group, case.matches, chosen=None, reason="", years=years)
    )
    found += qualification.check_facts(
        case.who,
        group,
        education=_text(case.person["education"]),
        studying=bool(case.person["studying"]),
        ground=_text(case.enrolment["hubei_ground"]),
    )
    lacking = {"GROUP_UNFOUNDED", "HUBEI_GROUND_MISSING"}
    return tuple(replace(one, severity=Severity.WARN) for one in found if one.error.code not in lacking)


def _advice(
    sql: Connection, case: _Case, group: str, ground: object, organised_by: str, *, choice: bool = True
) -> tuple[Finding, ...]:
    """Return what the rules say of a group for an enrolment; ``choice`` with whether the facts bear it out."""
    who, person = case.who, case.person
    found: list[Finding] = []
    if choice:
        years = case.book.get("graduate_years", who.on)
        found += qualification.check_choice(who, group, case.matches, chosen=None, reason="", years=years)
    if group == qualification.STUDENT:
        found += qualification.check_pilot(who, case.known, case.training_class.trade or "", case.pilot)
    if group == qualification.EMPLOYEE:
        found += qualification.check_employer(who, _with_employer(case))
    found += qualification.check_facts(
        who,
        group,
        education=_text(person["education"]),
        studying=bool(person["studying"]),
        ground=_text(ground),
    )
    found += qualification.check_organiser(who, qualification.organisers_of(group), organised_by)
    channel = _channel(sql, case, group)
    found += funding_channels.say_channel(channel, person=who.person, class_code=who.class_code, on=who.on)
    found += age_findings(person, who.on, group, case.book)
    return tuple(found)


def age_findings(
    person: Mapping[str, object], on: date, group: str | None, book: PolicyBook
) -> list[Finding]:
    """Return the warnings about a person's age on an enrolment date."""
    birth = _day(person["birth"])
    if birth is None:
        return []
    lower = book.get("age_lower", on).number()
    errors = trainees.age_warnings(
        birth,
        _text(person["sex"]),
        on,
        category=None if group is None else qualification.category_of(group),
        key_group=group,
        lower=lower,
    )
    return [Finding("R04", Severity.WARN, error, entity="enrolment", field="enrolled_on") for error in errors]


def _stated(row: Mapping[str, object]) -> str | None:
    """Return the group that a roster stated, before one was chosen."""
    category, group = _text(row["category"]), _text(row["key_group"])
    return group if category == "key_group" else category if category in {"student", "employee"} else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
