"""Fills what a class's 花名册 and 学员登记表 say of each person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desktop_app.domain import codes
from desktop_app.domain.evidence import PHOTO
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.papers import PaperHead, RosterLine
from desktop_app.domain.papers.registrations import RegisteredPerson, Registrations
from desktop_app.domain.regions import region_name
from desktop_app.domain.retirement import age_on
from desktop_app.store.database import Connection
from desktop_app.store.queries import people as people_queries
from desktop_app.store.queries.evidence import class_evidence


def registrations(
    sql: Connection, head: PaperHead, class_id: bytes, members: Sequence[MemberListItem]
) -> Registrations:
    """Return the 学员登记表 of a class, each person with the digest of the newest photo."""
    photos = {
        one.owner_key[-16:]: one.digest.hex() for one in class_evidence(sql, class_id) if one.kind == PHOTO
    }
    people = tuple(
        RegisteredPerson(line, photos.get(member.trainee_id, ""))
        for line, member in zip(roster_lines(sql, members, head.data_time.date()), members, strict=True)
    )
    return Registrations(head, people)


def roster_lines(sql: Connection, members: Sequence[MemberListItem], day: date) -> tuple[RosterLine, ...]:
    """Return the lines of the 花名册; ages are those of the enrolment date, else of ``day``."""
    regions = people_queries.household_regions(sql, [member.trainee_id for member in members])
    lines = []
    for place, member in enumerate(members, 1):
        on = member.enrolled_on or day
        evidence = ""
        if member.evidence_kind or member.evidence_number:
            kind = codes.table("evidence_kinds").name(member.evidence_kind) if member.evidence_kind else ""
            evidence = "：".join(part for part in (kind, member.evidence_number or "") if part)
        education = codes.Education(member.education, member.studying) if member.education else None
        region = regions.get(member.trainee_id)
        lines.append(
            RosterLine(
                number=member.number or place,
                name=member.name,
                document_number=member.document_number,
                sex=codes.sex_name(member.sex) if member.sex else "",
                ethnicity=codes.ethnicity_name(member.ethnicity) if member.ethnicity else "",
                age=age_on(member.birth, on) if member.birth else None,
                education=codes.education_name(education) if education else "",
                category=codes.category_name(member.category) if member.category else "",
                key_group=codes.group_name(member.key_group) if member.key_group else "",
                student_number=member.student_number or "",
                major=member.major or "",
                employer=member.employer or "",
                post=member.post or "",
                household=region_name(region) if region else "",
                phone=member.phone,
                evidence=evidence,
                address=member.address,
            )
        )
    return tuple(lines)
