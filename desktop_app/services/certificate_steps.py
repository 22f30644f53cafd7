"""证书 from 待发 to 领取, 更正, 补发 and 作废 (四.3, R15); each arrow a command with date and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain import certificates, ids
from desktop_app.domain.certificates import CertificateKind, CertificateState, check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.life_cycles import CERTIFICATE as CYCLE
from desktop_app.domain.records import CERTIFICATE
from desktop_app.services.assessments import one_assessment
from desktop_app.services.certificates import FIRST_ISSUE, certificate_kind, level_assessment, newest_issue
from desktop_app.services.claim_steps import reopen_claims
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Issued:
    """What stands on a certificate."""

    number: str
    issued_on: date


class CertificateStepService(Service):
    """The arrows of a certificate; its number is never used again."""

    @command("prepare_certificates")
    def prepare(self, work: UnitOfWork, class_id: bytes) -> int:
        """待发: put everybody who passed and has no certificate on the issue list; return how many.

        Raises AppError CLASS_UNKNOWN, ASSESSMENT_MISSING.
        """
        kind = self._kind(work.sql, class_id)
        level_assessment(work.sql, class_id)
        rows: list[tuple[bytes, dict[str, object]]] = []
        for trainee_id, passed in results.level_passes(work.sql, class_id).items():
            if newest_issue(work.sql, passed.id, trainee_id) is None:
                fields: dict[str, object] = {
                    "kind": kind.value,
                    "issuer": passed.organisation,
                    "state": CertificateState.PENDING.value,
                }
                rows.append((numbered(passed.id + trainee_id, FIRST_ISSUE), fields))
        return work.put_many(CERTIFICATE, rows)

    @command("issue_certificate")
    def issue(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_id: bytes,
        issued: Issued,
        kind: CertificateKind | None = None,
    ) -> bytes:
        """已发: write the certificate that the evaluation organisation issued; return its key.

        Raises AppError CLASS_UNKNOWN, ASSESSMENT_MISSING, NOT_A_MEMBER, WRONG_STEP, CERTIFICATE_EMPTY,
        CERTIFICATE_TOO_LONG, DATE_FUTURE; RuleErrors of R15.
        """
        passes = results.level_passes(work.sql, class_id)
        passed = passes.get(trainee_id) or one_assessment(work.sql, level_assessment(work.sql, class_id))
        people = {one.trainee_id: one.name for one in class_queries.member_items(work.sql, class_id)}
        if trainee_id not in people:
            raise AppError("NOT_A_MEMBER", number="")
        newest = newest_issue(work.sql, passed.id, trainee_id)
        key = numbered(passed.id + trainee_id, FIRST_ISSUE if newest is None else newest)
        present = work.fields(CERTIFICATE, key)
        state = None if present is None else present["state"]
        if state == CertificateState.VOID.value:
            key, state = numbered(passed.id + trainee_id, (newest or 0) + 1), CertificateState.PENDING.value
        if present is not None:
            CYCLE.after(state, "issue")
        fields = self._numbered(issued, kind or self._kind(work.sql, class_id), passed.organisation)
        self.context.heed(
            certificates.check_issue(
                people[trainee_id],
                passed.class_code,
                passed=trainee_id in passes,
                kind=str(fields["kind"]),
                issuer=passed.organisation,
                number=str(fields["number"]),
                taken_by=taken_by(work.sql, fields, key),
                key=key,
            )
        )
        work.put(CERTIFICATE, key, {**fields, "state": CertificateState.ISSUED.value})
        return key

    @command("hand_over_certificate")
    def hand_over(self, work: UnitOfWork, key: bytes, on: date, proxy: str = "") -> None:
        """领取, by the holder or, named, by ``proxy`` (代领).

        Raises AppError CERTIFICATE_UNKNOWN, WRONG_STEP, DATE_FUTURE, HANDED_BEFORE_ISSUE, PROXY_TOO_LONG.
        """
        present = _present(work, key)
        state = CYCLE.after(present["state"], "hand_over")
        self._not_future(on)
        if present["issued_on"] is not None and on.isoformat() < str(present["issued_on"]):
            raise AppError("HANDED_BEFORE_ISSUE", date=on.isoformat(), issued=str(present["issued_on"]))
        if len(proxy) > MAX_NAME:
            raise AppError("PROXY_TOO_LONG", limit=MAX_NAME)
        fields = {"state": state, "handed_on": on.isoformat(), "handed_to": proxy.strip() or None}
        work.put(CERTIFICATE, key, fields)

    @command("correct_certificate")
    def correct(self, work: UnitOfWork, key: bytes, issued: Issued, reason: str) -> bytes:
        """更正: the organisation issues a corrected one in its place; return the key of the further issue.

        Raises AppError CERTIFICATE_UNKNOWN, WRONG_STEP, REASON_MISSING, CERTIFICATE_EMPTY, DATE_FUTURE; RuleErrors R15.
        """
        return self._replace(work, key, "correct", issued, reason)

    @command("reissue_certificate")
    def reissue(self, work: UnitOfWork, key: bytes, issued: Issued, reason: str) -> bytes:
        """补发 of a lost or damaged one; it may keep the holder's own number. AppError as ``correct``."""
        return self._replace(work, key, "reissue", issued, reason)

    @command("void_certificate")
    def void(self, work: UnitOfWork, key: bytes, reason: str) -> None:
        """作废: its number is never used again, and a claim that it stood for is a draft again.

        Raises AppError CERTIFICATE_UNKNOWN, WRONG_STEP, REASON_MISSING.
        """
        state = CYCLE.after(_present(work, key)["state"], "void", reason)
        work.reason = reason.strip()
        work.put(CERTIFICATE, key, {"state": state, "decided_on": self.context.today().isoformat()})
        class_id = one_assessment(work.sql, key[: ids.ID_BYTES]).class_id
        trainee_id = key[ids.ID_BYTES : 2 * ids.ID_BYTES]
        reopen_claims(work, class_id, trainee_id, self.context.today())

    def _replace(self, work: UnitOfWork, key: bytes, verb: str, issued: Issued, reason: str) -> bytes:
        present = _present(work, key)
        state = CYCLE.after(present["state"], verb, reason)
        assessment_id, trainee_id = key[: ids.ID_BYTES], key[ids.ID_BYTES : 2 * ids.ID_BYTES]
        passed = one_assessment(work.sql, assessment_id)
        name = _name(work.sql, trainee_id)
        new = numbered(key[: 2 * ids.ID_BYTES], (newest_issue(work.sql, assessment_id, trainee_id) or 0) + 1)
        fields = self._numbered(issued, CertificateKind(str(present["kind"])), _text(present["issuer"]))
        self.context.heed(
            certificates.check_issue(
                name,
                passed.class_code,
                passed=True,
                kind=str(fields["kind"]),
                issuer=_text(present["issuer"]),
                number=str(fields["number"]),
                taken_by=taken_by(work.sql, fields, new),
                key=key,
            )
        )
        today = self.context.today().isoformat()
        work.reason = reason.strip()
        work.put(CERTIFICATE, key, {"state": state})
        work.put(
            CERTIFICATE,
            new,
            {**fields, "state": CertificateState.ISSUED.value, "cause": verb, "decided_on": today},
        )
        return new

    def _numbered(self, issued: Issued, kind: CertificateKind, issuer: str | None) -> dict[str, object]:
        check = check_number(issued.number, kind)
        if check.problem is not None:
            raise check.problem
        self._not_future(issued.issued_on)
        return {
            "number": check.normalised,
            "kind": kind.value,
            "issued_on": issued.issued_on.isoformat(),
            "issuer": issuer,
        }

    def _not_future(self, on: date) -> None:
        if on > self.context.today():
            raise AppError("DATE_FUTURE", date=on.isoformat())

    def _kind(self, sql: Connection, class_id: bytes) -> CertificateKind:
        return certificate_kind(one_class(sql, class_id, self.context.today()).level)


MAX_NAME = 50


def taken_by(sql: Connection, fields: dict[str, object], key: bytes) -> str | None:
    """Return who else has a number of one kind and issuer, void ones included; None where nobody has it.

    Issues of one person's certificate may share it (补发 keeps the number), but a void one's is gone.
    """
    rows = sql.exec_driver_sql(
        "SELECT x.assessment_id, x.trainee_id, x.issue, x.state, t.name FROM certificate x"
        " JOIN trainee t ON t.id = x.trainee_id"
        " WHERE x.gone = 0 AND x.number = ? AND x.kind = ? AND x.issuer IS ?",
        (fields["number"], fields["kind"], fields["issuer"]),
    )
    for assessment_id, trainee_id, issue, state, name in rows:
        other = CERTIFICATE.join_key((assessment_id, trainee_id, issue))
        same_person = other[:-2] == key[:-2]
        if other != key and not (same_person and state != CertificateState.VOID.value):
            return str(name or "")
    return None


def _present(work: UnitOfWork, key: bytes) -> dict[str, object]:
    present = work.fields(CERTIFICATE, key)
    if present is None:
        raise AppError("CERTIFICATE_UNKNOWN")
    return present


def _name(sql: Connection, trainee_id: bytes) -> str:
    return str(sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ?", (trainee_id,)).scalar() or "")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
