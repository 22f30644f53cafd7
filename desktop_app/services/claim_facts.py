"""What the records say of a claim: who is ready, what the pack lacks, what each person is worth (R35)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from desktop_app.domain import claims, evidence, masking, projects, qualification, turnout
from desktop_app.domain.assessments import Conclusion
from desktop_app.domain.certificates import HELD
from desktop_app.domain.claims import Claimant, Pack, Payee, Per, Progress, Standard, Terms
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimItem, ClaimLine, ClaimPerson, ClaimSheet, Instalment
from desktop_app.domain.listings.evidence import EvidenceListItem
from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter
from desktop_app.domain.policy_subjects import holiday_years
from desktop_app.domain.qualification import Enrolling
from desktop_app.domain.records import TRAINEE
from desktop_app.domain.risk import duplicates
from desktop_app.domain.rules import Finding
from desktop_app.services.classes import one_class
from desktop_app.services.project_standing import project_details
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import claims as queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import evidence as evidence_queries
from desktop_app.store.queries import projects as project_queries
from desktop_app.store.queries import results, reviews, risks
from desktop_app.store.queries.completion import class_conclusions
from desktop_app.store.queries.enrolment import class_region
from desktop_app.store.queries.policies import policy_book
from resources import Worded


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim with its class, what holds on its day, and every member's facts by id."""

    item: ClaimItem
    training_class: ClassListItem
    book: PolicyBook
    pack: Pack
    standard: Standard | None
    terms: Terms
    members: tuple[MemberListItem, ...]
    lines: dict[bytes, ClaimLine]
    claimants: dict[bytes, Claimant]
    evidence: tuple[EvidenceListItem, ...]
    lacking: tuple[str, ...]
    former: dict[bytes, list[tuple[str, str, int]]]
    yearly: PolicyParameter


def one_claim(sql: Connection, key: bytes) -> ClaimItem:
    """Return a claim; AppError CLAIM_UNKNOWN."""
    found = queries.claim_item(sql, key)
    if found is None:
        raise AppError("CLAIM_UNKNOWN")
    return found


def claim_facts(sql: Connection, item: ClaimItem, today: date, *, masked: bool = True) -> ClaimFacts:
    """Read everything that decides about a claim; AppError CLASS_UNKNOWN."""
    training_class = one_class(sql, item.class_id, today)
    book, region = policy_book(sql), class_region(sql, item.class_id)
    place = {"region": region, "channel": item.channel}
    standard = claims.standard_for(
        book,
        item.made_on,
        training_class.trade or "",
        training_class.level or "",
        catalogue_fen=catalogue_fen(sql, item.class_id),
        region=region,
        channel=item.channel,
    )
    terms = Terms(
        item.class_id,
        item.class_code,
        item.channel,
        today,
        book.get("attendance_rate", item.made_on, **place),
        book.get("claim_months", item.made_on, **place),
        claims.share_of(book, item.made_on, region=region, channel=item.channel),
    )
    pack = claims.pack_on(book, item.made_on, item.channel, item.department, region)
    members = tuple(class_queries.member_items(sql, item.class_id, masked=masked))
    files = tuple(evidence_queries.class_evidence(sql, item.class_id))
    lines = queries.claim_lines(sql, item.key)
    lacking = _class_lacks(sql, item, pack, files)
    facts = ClaimFacts(
        item,
        training_class,
        book,
        pack,
        standard,
        terms,
        members,
        lines,
        {},
        files,
        lacking,
        queries.former_claims(sql, item.key),
        book.get("yearly_subsidies", item.made_on, **place),
    )
    return replace(facts, claimants=_claimants(sql, facts))


def catalogue_fen(sql: Connection, class_id: bytes) -> int:
    """Return the 补贴 of the catalogue entry that a class opened on, in 分, whatever its project says since (R09)."""
    row = sql.exec_driver_sql(
        "SELECT c.project_id, c.catalogue_version FROM training_class c JOIN project p ON p.id = c.project_id"
        " AND p.gone = 0 WHERE c.id = ?",
        (class_id,),
    ).first()
    if row is None:
        return 0
    version = projects.governing_version(row[1], project_details(sql, row[0]).passed_version)
    kept = None if version is None else project_queries.version_entry(sql, row[0], version)
    entry = kept if kept is not None else project_queries.project_row(sql, row[0]) or {}
    return entry.get("subsidy_fen") or 0


def sheet_of(sql: Connection, key: bytes, today: date, *, masked: bool = True) -> ClaimSheet:
    """Return a claim with its people and every cause; ``masked`` documents and accounts.

    Raises AppError CLAIM_UNKNOWN, CLASS_UNKNOWN.
    """
    facts = claim_facts(sql, one_claim(sql, key), today, masked=masked)
    lines, decided = facts.lines, queries.decisions(sql, key)
    refused, objections = queries.not_taken(sql, key), queries.objections(sql, key)
    amounts: dict[bytes, list[Instalment]] = {}
    for instalment in queries.instalments(sql, key):
        amounts.setdefault(instalment.trainee_id, []).append(instalment)
    people = []
    for member in facts.members:
        who, own = facts.claimants[member.trainee_id], amounts.get(member.trainee_id, [])
        people.append(
            ClaimPerson(
                member.trainee_id,
                member.number,
                member.name,
                member.document_number,
                member.chosen_group or "",
                who.attended,
                who.planned,
                who.certificate or "",
                _shown(lines.get(member.trainee_id), masked=masked),
                decided.get(member.trainee_id),
                sum(one.fen for one in own if one.fen > 0),
                -sum(one.fen for one in own if one.fen < 0),
                person_causes(facts, member.trainee_id),
                refused.get(member.trainee_id, ""),
                tuple(one for one in objections if one.trainee_id == member.trainee_id),
                tuple(own),
            )
        )
    causes = claims.check_progress(progress_of(sql, facts), today)
    item = masked_claim(facts.item) if masked else facts.item
    return ClaimSheet(item, tuple(people), causes, tuple(objections))


def masked_claim(item: ClaimItem) -> ClaimItem:
    """Return a claim with the last four digits of its account."""
    return replace(item, payee=masked_payee(item.payee))


def masked_payee(payee: Payee) -> Payee:
    """Return a payee with the last four digits of its account."""
    return replace(payee, account=masking.mask_account(payee.account))


def _shown(line: ClaimLine | None, *, masked: bool) -> ClaimLine | None:
    return line if line is None or not masked else replace(line, payee=masked_payee(line.payee))


def person_causes(facts: ClaimFacts, trainee_id: bytes) -> tuple[Finding, ...]:
    """Return what stands between a person and the claim (R35, R04, R37)."""
    who, item = facts.claimants[trainee_id], facts.item
    former = facts.former.get(trainee_id, [])
    found = [
        *claims.check_claimant(who, facts.terms),
        *duplicates.check_claims(
            who.name, item.class_code, item.channel, former, item.made_on.year, facts.yearly
        ),
    ]
    line = facts.lines.get(trainee_id)
    if line is not None and who.chosen_group is not None:
        enrolling = Enrolling(who.name, item.class_code, item.made_on)
        found += qualification.check_claim_group(enrolling, who.chosen_group, line.chosen_group)
    return tuple(found)


def progress_of(sql: Connection, facts: ClaimFacts) -> Progress:
    """Return where a claim stands on the way up."""
    item = facts.item
    lines = facts.lines
    open_ones = [
        one.name
        for one in queries.objections(sql, item.key)
        if one.trainee_id in lines and one.upheld is not False
    ]
    reviewed = bool(item.reviewed_by) and item.stored in {"checked", "published", "submitted"}
    own = reviewed and not item.solo and item.reviewed_by in reviews.authors(sql, item.class_id)
    return Progress(
        item.class_id,
        item.class_code,
        len(lines),
        facts.lacking,
        reviewed,
        own,
        item.notice,
        tuple(open_ones),
    )


def notice_terms(sql: Connection, item: ClaimItem, on: date) -> claims.NoticeTerms:
    """Return how long a 公示 that begins on a day must be."""
    book = policy_book(sql)
    days = book.get("notice_working_days", on, region=class_region(sql, item.class_id), channel=item.channel)
    return claims.NoticeTerms(days, holiday_years(book))


def _claimants(sql: Connection, facts: ClaimFacts) -> dict[bytes, Claimant]:
    item, terms, training_class = facts.item, facts.terms, facts.training_class
    rules = turnout.rules_on(facts.book, training_class.start_on or item.made_on)
    sessions = class_queries.session_items(sql, class_id=item.class_id)
    marks = attendance_queries.marks(sql, item.class_id)
    counts = turnout.count_members(sessions, facts.members, marks, terms.on, rules)
    conclusions = class_conclusions(sql, item.class_id)
    passes = results.level_passes(sql, item.class_id)
    held = {
        one.trainee_id: one
        for one in results.certificate_items(sql, class_id=item.class_id)
        if one.state in HELD and one.number
    }
    flags = _flags(sql, item.class_id)
    others = queries.claimed_elsewhere(sql, item.key, training_class.trade, training_class.level)
    found = {}
    for member in facts.members:
        person, count = member.trainee_id, counts[member.trainee_id]
        certificate, line = held.get(person), facts.lines.get(person)
        amount = claims.amount_of(facts.standard, certified=certificate is not None, share=terms.share)
        found[person] = Claimant(
            person,
            member.name,
            member.state,
            member.chosen_group,
            member.channel,
            count.attended,
            count.planned,
            count.unmarked,
            conclusions.get(person) is Conclusion.PASSED,
            passes[person].held_on if person in passes else None,
            None if certificate is None else certificate.number,
            None if certificate is None else certificate.issued_on,
            _person_lacks(facts, member),
            flags.get(person, ()),
            others.get(person),
            amount if line is None else line.fen,
        )
    return found


def _flags(sql: Connection, class_id: bytes) -> dict[bytes, tuple[str, ...]]:
    """Return the words of the open 阻断 flags on each person."""
    found: dict[bytes, dict[str, None]] = {}
    for flag in risks.open_blocking_flags(sql, class_id=class_id):
        named = [key for entity, key in flag.subjects if entity == TRAINEE.number]
        for person in (*named, *flag.people):
            found.setdefault(person, {})[Worded(f"claims.flag.{flag.kind}")] = None
    return {person: tuple(words) for person, words in found.items()}


def _person_lacks(facts: ClaimFacts, member: MemberListItem) -> tuple[str, ...]:
    """Return the names of what the pack asks of a person and nobody has brought."""
    item, on = facts.item, facts.terms.on
    keys = {("trainee", member.trainee_id), ("enrolment", item.class_id + member.trainee_id)}
    own = [one.proof for one in facts.evidence if (one.owner, one.owner_key) in keys]
    proofs = evidence_queries.with_number(own, member.evidence_kind, member.evidence_number)
    found = []
    for one in facts.pack.items:
        asked = one.per is Per.PERSON and one.required
        if not asked or not one.asked(member.chosen_group or "", item.payee.kind):
            continue
        if one.source == "evidence":
            needs = [need for need in evidence.needs_of(member.category, member.key_group) if need.rule]
            missing = evidence.missing_evidence(needs, proofs, on)
            found += [evidence.need_name(lack.need) for lack in missing]
        elif one.kinds:
            need = evidence.Need(one.code, one.kinds, "R35")
            good = [proof for proof in proofs if not evidence.missing_evidence([need], [proof], on)]
            if len(good) < one.count:
                found.append(one.name)
    return tuple(found)


def _class_lacks(
    sql: Connection, item: ClaimItem, pack: Pack, files: tuple[EvidenceListItem, ...]
) -> tuple[str, ...]:
    """Return the names of what the pack asks of the class and its sessions and is not there."""
    found = []
    kinds = [(one.kind, one.owner_key) for one in files if one.state is not evidence.EvidenceState.RETURNED]
    for one in pack.items:
        if not one.required or not one.kinds:
            continue
        if one.per is Per.CLASS and sum(kind in one.kinds for kind, _ in kinds) < one.count:
            found.append(one.name)
        elif one.per is Per.SESSION:
            having = {owner for kind, owner in kinds if kind in one.kinds}
            sessions = class_queries.session_items(sql, class_id=item.class_id)
            bare = [
                session.number or 0
                for session in sessions
                if session.id not in having and session.state != "cancelled"
            ]
            if bare:
                found.append(f"{one.name}（第 {claims.numbers_text(bare)} 课次）")
    return tuple(found)
