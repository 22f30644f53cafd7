"""Certificates of those who passed (R15)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import codes
from desktop_app.domain.assessments import AssessmentKind, Conclusion
from desktop_app.domain.certificates import CertificateKind, CertificateState, check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.listings.results import CertificateListItem
from desktop_app.domain.records import CERTIFICATE
from desktop_app.services import access
from desktop_app.services.assessments import one_assessment
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection, driver_of
from desktop_app.store.queries import results
from desktop_app.store.unit_of_work import UnitOfWork
from resources import Worded

FIRST_ISSUE = 1
GONE = frozenset({CertificateState.REPLACED.value, CertificateState.VOID.value})
"""States of an issue that stands no more."""


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate as the 评价组织 issued it."""

    trainee_id: bytes
    number: str
    issued_on: date | None
    kind: str = "level"


class CertificateService(Service):
    """证书: only for a pass, number unique per kind and issuer."""

    def list_certificates(self, class_id: bytes | None = None) -> list[CertificateListItem]:
        """Return the certificates of a class, or of all visible ones."""
        actor = self.context.require("view_certificates")
        with self.context.read() as sql:
            if class_id is not None:
                access.require_class(sql, actor, class_id)
            visible = access.visible_classes(sql, actor)
            return results.certificate_items(sql, class_id=class_id, only=visible)

    @command("edit_certificate")
    def correct_number(
        self,
        work: UnitOfWork,
        assessment_id: bytes,
        trainee_id: bytes,
        number: str,
        reason: str,
        issue: int | None = None,
    ) -> None:
        """Correct a number that was entered wrongly; without ``issue`` that of the present one.

        Raises AppError CERTIFICATE_UNKNOWN, CERTIFICATE_REPLACED for an issue that stands no more (更正, 补发, 作废),
        REASON_MISSING, CERTIFICATE_*, CERTIFICATE_TAKEN.
        """
        newest = newest_issue(work.sql, assessment_id, trainee_id)
        if newest is None:
            raise AppError("CERTIFICATE_UNKNOWN")
        key = numbered(assessment_id + trainee_id, newest if issue is None else issue)
        present = work.fields(CERTIFICATE, key)
        if present is None:
            raise AppError("CERTIFICATE_UNKNOWN")
        if present["state"] in GONE:
            raise AppError("CERTIFICATE_REPLACED", state=Worded(f"state.certificate.{present['state']}"))
        if not reason.strip():
            raise AppError("REASON_MISSING")
        clean = checked_number(work.sql, number, str(present["kind"]), present["issuer"], key)
        work.reason = reason.strip()
        work.put(CERTIFICATE, key, {"number": clean})


def newest_issue(sql: Connection, assessment_id: bytes, trainee_id: bytes) -> int | None:
    """Return the number of a person's last issue, whatever its state; None where there is none."""
    found: int | None = sql.exec_driver_sql(
        "SELECT max(issue) FROM certificate WHERE assessment_id = ? AND trainee_id = ? AND gone = 0",
        (assessment_id, trainee_id),
    ).scalar()
    return found


def checked_number(
    sql: Connection, text: str, kind: str, issuer: object, own_key: bytes, rewritten: Container[bytes] = ()
) -> str:
    """Return a number as it is stored; AppError CERTIFICATE_* and CERTIFICATE_TAKEN for one in use.

    Issues of one person's certificate may share it (补发 keeps the number), but a void one's is gone. ``rewritten``:
    keys of certificates that the same command gives another number.
    """
    check = check_number(text, kind)
    if check.problem is not None:
        raise check.problem
    rows = driver_of(sql).execute(
        "SELECT assessment_id, trainee_id, issue, state FROM certificate"
        " WHERE gone = 0 AND number = ? AND kind = ? AND issuer IS ?",
        (check.normalised, kind, issuer),
    )
    for *place, state in rows:
        key = CERTIFICATE.join_key(tuple(place))
        own = key[:-2] == own_key[:-2] and state != CertificateState.VOID.value
        if key != own_key and not own and key not in rewritten:
            raise AppError("CERTIFICATE_TAKEN", value=check.normalised)
    return check.normalised


def level_assessment(sql: Connection, class_id: bytes) -> bytes:
    """Return the newest 职业技能等级考核 of a class; AppError ASSESSMENT_MISSING."""
    found = [
        item for item in results.assessment_items(sql, class_id=class_id) if item.kind == AssessmentKind.LEVEL
    ]
    if not found:
        raise AppError("ASSESSMENT_MISSING")
    return found[-1].id


def present_issue(sql: Connection, assessment_id: bytes, trainee_id: bytes) -> bytes:
    """Return the key of a person's newest issue that is not void, or of one after a void one: its number is gone."""
    rows = sql.exec_driver_sql(
        "SELECT issue, state FROM certificate WHERE assessment_id = ? AND trainee_id = ? AND gone = 0 ORDER BY issue",
        (assessment_id, trainee_id),
    ).all()
    standing = [issue for issue, state in rows if state != CertificateState.VOID.value]
    issue = standing[-1] if standing else max((issue for issue, _ in rows), default=0) + 1
    return numbered(assessment_id + trainee_id, issue)


def certificate_kind(level: str | None) -> CertificateKind:
    """Return the kind of certificate that a class of a level leads to."""
    found = codes.level(level or "")
    return CertificateKind.ONE_X if found is not None and found.system == "one_x" else CertificateKind.LEVEL


def write_certificates(work: UnitOfWork, assessment_id: bytes, certificates: Sequence[NewCertificate]) -> int:
    """Write certificates within a command; return how many changed.

    Raises AppError CERTIFICATE_NOT_PASSED, CERTIFICATE_*, CERTIFICATE_TAKEN.
    """
    assessment = one_assessment(work.sql, assessment_id)
    passed = {
        row.trainee_id
        for row in results.score_rows(work.sql, assessment)
        if row.conclusion is Conclusion.PASSED
    }
    rows: dict[bytes, dict[str, object]] = {}
    holders: dict[tuple[str, str], bytes] = {}
    for new in certificates:
        if new.trainee_id not in passed:
            raise AppError("CERTIFICATE_NOT_PASSED")
        key = numbered(assessment_id + new.trainee_id, FIRST_ISSUE)
        number = checked_number(work.sql, new.number, new.kind, assessment.organisation, key, rows)
        if holders.setdefault((number, new.kind), key) != key:
            raise AppError("CERTIFICATE_TAKEN", value=number)
        rows[key] = {
            "number": number,
            "kind": new.kind,
            "issued_on": None if new.issued_on is None else new.issued_on.isoformat(),
            "issuer": assessment.organisation,
            "state": CertificateState.ISSUED.value,
        }
    return work.put_many(CERTIFICATE, list(rows.items()))
