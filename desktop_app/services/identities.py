"""更名 and 证件更正 (requirements §4): scan and reason; the former identity stays searchable, rules run again."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain import masking
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.life_cycles import ENROLMENT as CYCLE
from desktop_app.domain.listings.enrolment import FormerIdentity, IdentityChange
from desktop_app.domain.records import ATTACHMENT, FORMER_IDENTITY, TRAINEE
from desktop_app.domain.rules import Finding, Severity
from desktop_app.domain.trainees import check_trainee
from desktop_app.services.context import Service, command
from desktop_app.services.qualification import age_findings, group_findings
from desktop_app.services.trainees import trainee_columns
from desktop_app.store.database import Connection
from desktop_app.store.queries import enrolment as queries
from desktop_app.store.queries import people
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork

IDENTITY = ("name", "document_type", "document_number")
RENAME, DOCUMENT = "rename", "document"


class IdentityService(Service):
    """Names and documents that change."""

    def former(self, trainee_id: bytes) -> list[FormerIdentity]:
        """Return 曾用名 and 旧证件 of a person, the latest first, numbers masked."""
        self.context.require("view_trainees")
        with self.context.read() as sql:
            found = queries.former_identities(sql, trainee_id)
        return [
            FormerIdentity(
                one.id,
                one.trainee_id,
                one.name,
                one.document_type,
                masking.mask_document(one.document_number or ""),
                one.changed_on,
                one.kind,
                one.attachment_id,
            )
            for one in found
        ]

    @command("correct_identity")
    def correct(
        self, work: UnitOfWork, trainee_id: bytes, fields: Mapping[str, str], scan: bytes, reason: str
    ) -> IdentityChange:
        """Change name or document for good, and say what is to be done again.

        ``fields`` of name, document_type, document_number, sex, birth; ``scan`` is the key of the evidence that shows
        it. Sex and birth date follow a new number. Raises AppError TRAINEE_UNKNOWN, FIELD_UNKNOWN, REASON_MISSING,
        IDENTITY_SAME, IDENTITY_SCAN_MISSING; FieldErrors, among them DOCUMENT_TAKEN.
        """
        present = people.trainee_fields(work.sql, trainee_id)
        if present is None:
            raise AppError("TRAINEE_UNKNOWN")
        for name in fields:
            if name not in {*IDENTITY, "sex", "birth"}:
                raise AppError("FIELD_UNKNOWN", field=name)
        if not reason.strip():
            raise AppError("REASON_MISSING")
        _require_scan(work, trainee_id, scan)
        changes = self._changes(work.sql, trainee_id, present, fields)
        changed = [name for name in IDENTITY if name in changes]
        if not changed:
            raise AppError("IDENTITY_SAME")
        work.reason = reason.strip()
        former: dict[str, object] = {name: present[name] for name in IDENTITY}
        former |= {
            "trainee_id": trainee_id,
            "changed_on": self.context.today().isoformat(),
            "attachment_id": scan,
        }
        former["kind"] = RENAME if changed == ["name"] else DOCUMENT
        work.put(FORMER_IDENTITY, self.context.new_id(), former)
        work.put(TRAINEE, trainee_id, changes)
        self._judge_again(work, trainee_id, {**present, **changes})
        return IdentityChange(_to_do_again(work.sql, trainee_id))

    def _changes(
        self, sql: Connection, trainee_id: bytes, present: Mapping[str, object], fields: Mapping[str, str]
    ) -> dict[str, object]:
        typed = {name: people.typed(name, present) for name in present}
        if "document_number" in fields:
            typed |= {"sex": "", "birth": ""}
        check = check_trainee({**typed, **fields}, self.context.today())
        if not check.is_valid:
            raise FieldErrors(dict(check.problems))
        values = trainee_columns(check.values)
        for name in ("sex", "birth"):  # a document that does not tell them leaves them as they were
            values[name] = values[name] or present[name]
        number = str(values["document_number"])
        if any(match.id != trainee_id for match in people.trainees_by_document(sql, number)):
            raise FieldErrors({"document_number": AppError("DOCUMENT_TAKEN")})
        return {name: value for name, value in values.items() if value != present[name]}

    def _judge_again(self, work: UnitOfWork, trainee_id: bytes, person: Mapping[str, object]) -> None:
        """Run the checks of groups, age and duplicates again, for every enrolment that is not over."""
        number, name = str(person["document_number"] or ""), str(person["name"] or "")
        others = [
            who for key, who in queries.holders_of_former_document(work.sql, number) if key != trainee_id
        ]
        if others:
            error = AppError("DOCUMENT_FORMERLY_OF", person=name, other=others[0])
            self.context.heed([Finding("R37", Severity.WARN, error, entity="trainee", key=trainee_id)])
        book = policy_book(work.sql)
        for one in people.trainee_enrolments(work.sql, trainee_id):
            if one.enrolled_on is not None and CYCLE.verbs(one.state):
                group = one.key_group if one.category == "key_group" else one.category
                self.context.heed(age_findings(person, one.enrolled_on, group, book))
                today = self.context.today()
                self.context.heed(group_findings(work.sql, one.class_id, trainee_id, today))


def _require_scan(work: UnitOfWork, trainee_id: bytes, scan: bytes) -> None:
    found = work.fields(ATTACHMENT, scan)
    if found is None or found["owner"] != TRAINEE.name or found["owner_key"] != trainee_id:
        raise AppError("IDENTITY_SCAN_MISSING")


def _to_do_again(sql: Connection, trainee_id: bytes) -> tuple[tuple[str, str], ...]:
    """Return what a change of identity lets do again: (report, class code) and (certificate, number)."""
    reports = [("report", code) for code in queries.accepted_classes(sql, trainee_id)]
    certificates = [("certificate", number) for number in queries.numbered_certificates(sql, trainee_id)]
    return (*reports, *certificates)
