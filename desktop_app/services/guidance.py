"""职业指导、岗位推荐、创业服务 (四.4, R16), and hires by partners of the evaluation organisation (六.2, R30)."""

from __future__ import annotations

from desktop_app.domain import guidance
from desktop_app.domain.errors import AppError
from desktop_app.domain.guidance import Graduate, Guidance, Hire
from desktop_app.domain.listings.graduates import GraduateItem, GuidanceItem
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.records import GUIDANCE, HIRE
from desktop_app.domain.rules import Finding
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import graduates
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 200
LEFT = frozenset({"withdrawn", "transferred"})


class GuidanceService(Service):
    """Who of a class was served and hired, and who still lacks a service."""

    def people(self, class_id: bytes) -> list[GraduateItem]:
        """Return the people of a class with their services; AppError NOT_YOUR_CLASS."""
        actor = self.context.require("view_guidance")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return graduate_items(sql, class_id)

    @command("record_guidance")
    def record(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, given: Guidance) -> bytes:
        """Record a service to a person; return its key.

        Raises AppError CLASS_UNKNOWN, NOT_YOUR_CLASS, NOT_A_MEMBER, GUIDANCE_TEXT_LONG; RuleErrors of R16.
        """
        training_class, name = self._person(work.sql, class_id, trainee_id)
        _check_text(given.note)
        self.context.heed(
            guidance.check_guidance(
                name,
                training_class.code,
                given,
                training_class.start_on,
                self.context.today(),
                training_class.organisation,
            )
        )
        key = self.context.new_id()
        fields = {
            "class_id": class_id,
            "trainee_id": trainee_id,
            "kind": given.kind.value,
            "held_on": given.held_on.isoformat(),
            "provider": given.provider.value,
            "note": given.note.strip() or None,
        }
        work.put(GUIDANCE, key, fields)
        return key

    @command("remove_guidance")
    def remove(self, work: UnitOfWork, guidance_id: bytes, reason: str) -> None:
        """Take a service back that was entered wrongly; AppError GUIDANCE_UNKNOWN, REASON_MISSING."""
        if work.fields(GUIDANCE, guidance_id) is None:
            raise AppError("GUIDANCE_UNKNOWN")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        work.delete(GUIDANCE, guidance_id)

    @command("record_hire")
    def record_hire(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, hire: Hire) -> bytes:
        """Record that a partner of the evaluation organisation hired a person; return its key.

        Raises AppError CLASS_UNKNOWN, NOT_YOUR_CLASS, NOT_A_MEMBER, GUIDANCE_TEXT_LONG; RuleErrors of R30.
        """
        training_class, name = self._person(work.sql, class_id, trainee_id)
        for text in (hire.employer, hire.post, hire.partner_of):
            _check_text(text)
        self.context.heed(
            guidance.check_hire(
                name, training_class.code, hire, training_class.organisation, self.context.today()
            )
        )
        key = self.context.new_id()
        fields = {
            "class_id": class_id,
            "trainee_id": trainee_id,
            "employer": hire.employer.strip(),
            "credit_code": hire.credit_code.strip() or None,
            "post": hire.post.strip() or None,
            "hired_on": hire.hired_on.isoformat(),
            "partner_of": hire.partner_of.strip(),
        }
        work.put(HIRE, key, fields)
        return key

    def _person(self, sql: Connection, class_id: bytes, trainee_id: bytes) -> tuple[ClassListItem, str]:
        training_class = one_class(sql, class_id, self.context.today())
        access.require_class(sql, self.context.require_actor(), class_id)
        for member in class_queries.member_items(sql, class_id):
            if member.trainee_id == trainee_id:
                return training_class, member.name
        raise AppError("NOT_A_MEMBER", number="")


def graduate_items(sql: Connection, class_id: bytes) -> list[GraduateItem]:
    """Return the people who did not leave a class, with services, hire, and whether R16 misses one."""
    services: dict[bytes, tuple[GuidanceItem, ...]] = {}
    for item in graduates.guidance_items(sql, class_id):
        services[item.trainee_id] = (*services.get(item.trainee_id, ()), item)
    hires = {item.trainee_id: item for item in graduates.hire_items(sql, class_id)}
    members = [one for one in class_queries.member_items(sql, class_id) if one.state not in LEFT]
    seen = [
        Graduate(
            one.trainee_id,
            one.name,
            one.category in guidance.NOT_UNEMPLOYED or one.trainee_id in hires,
            len(services.get(one.trainee_id, ())),
        )
        for one in members
    ]
    missing = {one.trainee_id for one in guidance.lacking(seen)}
    return [
        GraduateItem(
            class_id=class_id,
            trainee_id=one.trainee_id,
            number=one.number,
            name=one.name,
            category=one.category,
            services=services.get(one.trainee_id, ()),
            hire=hires.get(one.trainee_id),
            lacking=one.trainee_id in missing,
        )
        for one in members
    ]


def completion_findings(sql: Connection, class_id: bytes, class_code: str) -> tuple[Finding, ...]:
    """Return what R16 warns of as a class is completed: who is 未就业 and was never served."""
    people = graduate_items(sql, class_id)
    return guidance.check_served(
        class_code,
        [Graduate(one.trainee_id, one.name, not one.lacking, len(one.services)) for one in people],
    )


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise AppError("GUIDANCE_TEXT_LONG", limit=MAX_TEXT)
