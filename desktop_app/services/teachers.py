"""Teachers of the institution (R29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from desktop_app.domain import opening
from desktop_app.domain.credit_codes import check_mobile
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import TeacherListItem
from desktop_app.domain.names import check_name
from desktop_app.domain.records import TEACHER, USER
from desktop_app.domain.rules import Finding
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import people
from desktop_app.store.queries.evidence import owner_evidence
from desktop_app.store.unit_of_work import UnitOfWork

EMPLOYMENTS = ("full_time", "part_time")


class TeacherService(Service):
    """教师: a record of its own; an administrator may link it to an account."""

    def list_teachers(self) -> list[TeacherListItem]:
        """Return teachers by name with the sessions and 课时 that they give."""
        self.context.require("view_teachers")
        with self.context.read() as sql:
            return people.teacher_items(sql)

    @command("add_teacher")
    def add_teacher(self, work: UnitOfWork, name: str, fields: Mapping[str, object] | None = None) -> bytes:
        """Add a teacher; AppError NAME_* and TEACHER_EXISTS for a name that is there. A kind without proof warns."""
        clean = _clean_name(name)
        if clean in find_teachers(work, [clean]):
            raise AppError("TEACHER_EXISTS", name=clean)
        teacher_id = self.context.new_id()
        work.put(TEACHER, teacher_id, {"name": clean, "employment": "full_time", **_checked(fields or {})})
        self.context.heed(_findings_of(work, teacher_id))
        return teacher_id

    @command("edit_teacher")
    def edit_teacher(self, work: UnitOfWork, teacher_id: bytes, fields: Mapping[str, object]) -> None:
        """Change a teacher's fields: name, employment, qualities, phone.

        Raises AppError TEACHER_UNKNOWN, NAME_*, TEACHER_EXISTS for another's name, EMPLOYMENT_UNKNOWN, QUALITY_UNKNOWN,
        PHONE_*. A kind without proof warns (R29).
        """
        if work.fields(TEACHER, teacher_id) is None:
            raise AppError("TEACHER_UNKNOWN")
        changes = _checked(fields)
        if "name" in fields:
            clean = _clean_name(str(fields["name"] or ""))
            if find_teachers(work, [clean]).get(clean, teacher_id) != teacher_id:
                raise AppError("TEACHER_EXISTS", name=clean)
            changes["name"] = clean
        work.put(TEACHER, teacher_id, changes)
        self.context.heed(_findings_of(work, teacher_id))

    @command("link_teacher", undoable=False)
    def link(self, work: UnitOfWork, teacher_id: bytes, user_id: bytes | None) -> None:
        """Say which account a teacher uses; what *own sessions* means follows from it."""
        if work.fields(TEACHER, teacher_id) is None:
            raise AppError("TEACHER_UNKNOWN")
        if user_id is not None and work.fields(USER, user_id) is None:
            raise AppError("USER_UNKNOWN", login="")
        work.put(TEACHER, teacher_id, {"user_id": user_id})


def _clean_name(text: str) -> str:
    check = check_name(text)
    if check.problem is not None:
        raise check.problem
    return check.value


def _checked(fields: Mapping[str, object]) -> dict[str, object]:
    changes = {name: value for name, value in fields.items() if name in {"employment", "qualities", "phone"}}
    phone = changes.get("phone")
    if phone:
        check = check_mobile(str(phone))
        if check.problem is not None:
            raise check.problem
        changes["phone"] = check.normalised
    if changes.get("employment") not in {None, *EMPLOYMENTS}:
        raise AppError("EMPLOYMENT_UNKNOWN", value=str(changes["employment"]))
    qualities = changes.get("qualities") or ()
    assert isinstance(qualities, Sequence)
    for quality in qualities:
        if quality not in opening.PROOF_NEEDED:
            raise AppError("QUALITY_UNKNOWN", value=str(quality)[:40])
    return changes


def _findings_of(work: UnitOfWork, teacher_id: bytes) -> tuple[Finding, ...]:
    fields = work.fields(TEACHER, teacher_id)
    assert fields is not None
    employment, qualities = fields.get("employment"), fields.get("qualities") or ()
    assert isinstance(qualities, Sequence)
    name = str(fields["name"])
    return teacher_findings(
        work.sql, teacher_id, name, None if employment is None else str(employment), qualities
    )


def teacher_findings(
    sql: Connection, teacher_id: bytes, name: str, employment: str | None, qualities: Sequence[str]
) -> tuple[Finding, ...]:
    """Check a teacher's 专职/兼职 and that each kind has its proof among the evidence (R29)."""
    kinds = {one.kind for one in owner_evidence(sql, "teacher", teacher_id)}
    proven = [quality for quality in opening.PROOF_NEEDED if opening.proof_kind(quality) in kinds]
    return opening.check_teacher(name, employment, qualities, proven, teacher_id)


def find_teachers(work: UnitOfWork, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the keys of teachers by name; of two with one name the elder."""
    found: dict[str, bytes] = {}
    for name in set(wanted):
        row = work.sql.exec_driver_sql(
            "SELECT id FROM teacher WHERE gone = 0 AND name = ? ORDER BY id LIMIT 1", (name,)
        ).first()
        if row is not None:
            found[name] = row[0]
    return found


def ensure_teachers(work: UnitOfWork, wanted: Iterable[str], new_id: Callable[[], bytes]) -> dict[str, bytes]:
    """Return the keys of teachers by name as given; those that are not there are added. AppError NAME_*."""
    cleaned = {name: _clean_name(name) for name in sorted(set(wanted))}
    found = find_teachers(work, cleaned.values())
    for name in cleaned.values():
        if name not in found:
            found[name] = new_id()
            work.put(TEACHER, found[name], {"name": name, "employment": "full_time"})
    return {given: found[clean] for given, clean in cleaned.items()}
