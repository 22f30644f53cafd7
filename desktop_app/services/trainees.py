"""Trainees and their enrolment in classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import codes, masking, qualification
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.identity import normalise_number
from desktop_app.domain.listings.people import (
    TraineeDetail,
    TraineeFacts,
    TraineeListItem,
    TraineeMatch,
    TraineeQuery,
)
from desktop_app.domain.records import ENROLMENT, TRAINEE
from desktop_app.domain.trainees import TraineeCheck, TraineeFields, check_trainee
from desktop_app.domain.users import Role
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import evidence_findings
from desktop_app.store.database import Connection
from desktop_app.store.queries import people, trainee_list
from desktop_app.store.queries.trainee_list import Sight
from desktop_app.store.unit_of_work import UnitOfWork

PERSONAL_FIELDS = ("document_number", "phone", "address")
ENROLMENT_FIELDS = frozenset(
    {
        "category",
        "key_group",
        "enrolled_on",
        "evidence_kind",
        "evidence_number",
        "employer",
        "employer_uscc",
        "post",
        "student_number",
        "major",
    }
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an enrolment says beside class and person; ``first_day`` opens the first period of membership."""

    enrolled_on: date
    first_day: date
    category: str | None = None
    key_group: str | None = None
    evidence_kind: str | None = None
    evidence_number: str | None = None
    employer: str | None = None
    post: str | None = None
    student_number: str | None = None
    major: str | None = None
    number: int | None = None


class TraineeService(Service):
    """学员: masked by default; what is revealed is recorded."""

    def list_trainees(self, text: str = "", limit: int | None = None) -> list[TraineeListItem]:
        """Return the trainees that the acting user may see; ``text``: name, initials, part of ID or phone."""
        return self.page(TraineeQuery(text), limit=limit)

    def page(self, query: TraineeQuery, offset: int = 0, limit: int | None = None) -> list[TraineeListItem]:
        """Return a window of those that a query shows to the acting user.

        Who may see no whole number finds people by the whole number only: by parts it could be guessed digit by digit.
        """
        with self._sight() as (sql, sight):
            return trainee_list.trainee_page(sql, query, sight, offset, limit)

    def count(self, query: TraineeQuery) -> int:
        """Return how many a query shows to the acting user."""
        with self._sight() as (sql, sight):
            return trainee_list.trainee_count(sql, query, sight)

    def place(self, query: TraineeQuery, trainee_id: bytes) -> int | None:
        """Return at which place, from 0, a query shows somebody; None where it does not."""
        with self._sight() as (sql, sight):
            return trainee_list.trainee_place(sql, query, sight, trainee_id)

    def facts(self) -> TraineeFacts:
        """Return how many trainees the acting user may see, by category, and the classes they may be in."""
        with self._sight() as (sql, sight):
            return trainee_list.trainee_facts(sql, sight)

    @contextmanager
    def _sight(self) -> Iterator[tuple[Connection, Sight]]:
        """Yield a view of the store and what the acting user may see in it."""
        actor = self.context.require("view_trainees")
        by_parts = self.context.may("reveal_personal") or self.context.may("export_unmasked")
        with self.context.read() as sql:
            yield sql, Sight(access.visible_classes(sql, actor), by_parts)

    def get_trainee(self, trainee_id: bytes) -> TraineeDetail:
        """Return one trainee, personal fields masked; AppError TRAINEE_UNKNOWN, NOT_YOUR_CLASS."""
        return self._detail(trainee_id, masked=True)

    def reveal(self, trainee_id: bytes, purpose: str = "") -> TraineeDetail:
        """Return one trainee unmasked; the act is recorded in the journal.

        An adviser reveals people of assigned classes only. AppError TRAINEE_UNKNOWN, NOT_PERMITTED, NOT_YOUR_CLASS.
        """
        actor = self.context.require("reveal_personal")
        detail = self._detail(trainee_id, masked=False)
        if Role.OFFICE not in actor.roles:
            with self.context.read() as sql:
                advised = access.advised_classes(sql, actor.user.id)
            if not advised.intersection(item.class_id for item in detail.enrolments):
                raise AppError("NOT_YOUR_CLASS")
        self._record_reveal(trainee_id, purpose)
        return detail

    @command("reveal_personal", undoable=False)
    def _record_reveal(self, work: UnitOfWork, trainee_id: bytes, purpose: str) -> None:
        work.reason = purpose.strip() or None
        work.remark(TRAINEE, trainee_id)

    def _detail(self, trainee_id: bytes, *, masked: bool) -> TraineeDetail:
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            fields = people.trainee_fields(sql, trainee_id)
            enrolments = people.trainee_enrolments(sql, trainee_id)
            visible = access.visible_classes(sql, actor)
        if fields is None:
            raise AppError("TRAINEE_UNKNOWN")
        if visible is not None and not visible.intersection(item.class_id for item in enrolments):
            raise AppError("NOT_YOUR_CLASS")
        if masked:
            fields["document_number"] = masking.mask_document(str(fields["document_number"] or ""))
            fields["phone"] = masking.mask_phone(str(fields["phone"] or ""))
            fields["address"] = masking.mask_address(str(fields["address"] or ""))
        return TraineeDetail(trainee_id, fields, enrolments, masked)

    def check(self, fields: Mapping[str, str]) -> TraineeCheck:
        """Check a person's fields as they are typed."""
        return check_trainee(fields, self.context.today())

    def find_by_document(self, number: str, other_than: bytes | None = None) -> list[TraineeMatch]:
        """Return the trainees that have this document number, however it is typed (asked while typing).

        Who sees some classes only is told of people in those.
        """
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            found = people.trainees_by_document(sql, normalise_number(number))
            if visible is not None:
                found = [
                    match
                    for match in found
                    if visible.intersection(
                        item.class_id for item in people.trainee_enrolments(sql, match.id)
                    )
                ]
        return [match for match in found if match.id != other_than]

    @command("create_trainee")
    def create(self, work: UnitOfWork, fields: Mapping[str, str]) -> bytes:
        """Create a trainee from typed fields; FieldErrors, AppError DOCUMENT_TAKEN."""
        values = self._valid(fields)
        if people.trainees_by_document(work.sql, values.document_number):
            raise FieldErrors({"document_number": AppError("DOCUMENT_TAKEN")})
        trainee_id = self.context.new_id()
        work.put(TRAINEE, trainee_id, trainee_columns(values))
        return trainee_id

    @command("edit_trainee")
    def edit(self, work: UnitOfWork, trainee_id: bytes, fields: Mapping[str, str], reason: str = "") -> None:
        """Change typed fields of a trainee; those not named stay. Name and document need a reason.

        Raises AppError TRAINEE_UNKNOWN, REASON_MISSING, FIELD_UNKNOWN, FieldErrors.
        """
        present = people.trainee_fields(work.sql, trainee_id)
        if present is None:
            raise AppError("TRAINEE_UNKNOWN")
        for name in fields:
            if name not in present:
                raise AppError("FIELD_UNKNOWN", field=name)
        typed = {name: people.typed(name, present) for name in present}
        values = trainee_columns(self._valid({**typed, **fields}))
        changes = {name: value for name, value in values.items() if value != present[name]}
        if changes.keys() & {"name", "document_type", "document_number"} and not reason.strip():
            raise AppError("REASON_MISSING")
        taken = people.trainees_by_document(work.sql, str(values["document_number"]))
        if "document_number" in changes and any(match.id != trainee_id for match in taken):
            raise FieldErrors({"document_number": AppError("DOCUMENT_TAKEN")})
        work.reason = reason.strip() or None
        work.put(TRAINEE, trainee_id, changes)

    def _valid(self, fields: Mapping[str, str]) -> TraineeFields:
        check = check_trainee(fields, self.context.today())
        if not check.is_valid:
            raise FieldErrors(dict(check.problems))
        return check.values

    @command("enrol_trainee")
    def enrol(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_ids: Sequence[bytes],
        category: str | None,
        *,
        first_day: date | None = None,
    ) -> int:
        """Enrol trainees today; return how many are new.

        They belong to the class from ``first_day`` on (插班), by default from its start, else from today.
        Raises AppError CLASS_UNKNOWN, TRAINEE_UNKNOWN, CATEGORY_UNKNOWN; RuleErrors R04 where one is there already
        with another group chosen.
        """
        _check_category(category)
        training_class = one_class(work.sql, class_id, self.context.today())
        today = self.context.today()
        count = 0
        for trainee_id in trainee_ids:
            if work.fields(TRAINEE, trainee_id) is None:
                raise AppError("TRAINEE_UNKNOWN")
            first = first_day or training_class.start_on or today
            present = work.fields(ENROLMENT, class_id + trainee_id)
            if present is not None and category is not None:
                fields = {**present, "category": category}
                self._heed_kept_group(work, class_id, trainee_id, fields, present["enrolled_on"])
            count += write_enrolment(work, class_id, trainee_id, Enrolment(today, first, category=category))
        return count

    @command("enrol_trainee")
    def edit_enrolment(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, fields: Mapping[str, object]
    ) -> None:
        """Change what an enrolment says of category, group, evidence, school or employer.

        A group that was chosen stays, and so does the enrolment date that it was chosen for (R04): ``choose_group``
        changes them, with a reason. Warns of the papers that the
        group still lacks (R02, R03).
        Raises AppError TRAINEE_UNKNOWN, FIELD_UNKNOWN, CATEGORY_UNKNOWN, DATE_FUTURE, USCC_*; RuleErrors R04.
        """
        present = work.fields(ENROLMENT, class_id + trainee_id)
        if present is None:
            raise AppError("TRAINEE_UNKNOWN")
        for name in fields:
            if name not in ENROLMENT_FIELDS:
                raise AppError("FIELD_UNKNOWN", field=name)
        _check_category(fields.get("category"))
        changes = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()
        }
        enrolled_on = _day(changes.get("enrolled_on"))
        if enrolled_on is not None and enrolled_on > self.context.today():
            raise AppError("DATE_FUTURE", date=enrolled_on.isoformat())
        if changes.get("employer_uscc"):
            changes["employer_uscc"] = check_uscc(str(changes["employer_uscc"])).required()
        self._heed_kept_group(work, class_id, trainee_id, {**present, **changes}, present["enrolled_on"])
        work.put(ENROLMENT, class_id + trainee_id, changes)
        self.context.heed(evidence_findings(work.sql, class_id, trainee_id, self.context.today()))

    def _heed_kept_group(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_id: bytes,
        fields: Mapping[str, object],
        fixed_on: object,
    ) -> None:
        """Refuse what would change a group that was chosen, or the date it was chosen for (R04)."""
        chosen = fields.get("chosen_group")
        if not isinstance(chosen, str):
            return
        person = work.fields(TRAINEE, trainee_id) or {}
        code = one_class(work.sql, class_id, self.context.today()).code
        today = self.context.today()
        who = qualification.Enrolling(str(person.get("name") or ""), code, _day(fixed_on) or today)
        self.context.heed(
            (
                *qualification.check_kept_group(who, chosen, fields["category"], fields["key_group"]),
                *qualification.check_kept_date(who, chosen, _day(fields["enrolled_on"]) or today),
            )
        )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _check_category(code: object) -> None:
    if code is not None and code not in codes.table("categories").by_code:
        raise AppError("CATEGORY_UNKNOWN", value=code)


def trainee_columns(values: TraineeFields) -> dict[str, object]:
    """Return a person's fields as they are stored."""
    return {
        "name": values.name,
        "document_type": values.document_type,
        "document_number": values.document_number,
        "sex": values.sex,
        "birth": None if values.birth is None else values.birth.isoformat(),
        "ethnicity": values.ethnicity,
        "education": values.education,
        "studying": int(values.studying),
        "phone": values.phone or None,
        "address": values.address or None,
        "household_region": values.household_region,
    }


def write_enrolment(work: UnitOfWork, class_id: bytes, trainee_id: bytes, enrolment: Enrolment) -> bool:
    """Enrol a person within a command, or update what an enrolment that is there says; return whether it is new.

    A new one gets the number given, where it is free, else the class's next.
    """
    fields: dict[str, object] = {
        "category": enrolment.category,
        "key_group": enrolment.key_group,
        "enrolled_on": enrolment.enrolled_on.isoformat(),
        "evidence_kind": enrolment.evidence_kind,
        "evidence_number": enrolment.evidence_number,
        "employer": enrolment.employer,
        "post": enrolment.post,
        "student_number": enrolment.student_number,
        "major": enrolment.major,
    }
    key = class_id + trainee_id
    present = work.fields(ENROLMENT, key)
    if present is not None:
        kept = {name: value for name, value in fields.items() if value is not None and name != "enrolled_on"}
        work.put(ENROLMENT, key, kept)
        return False
    taken = {
        row[0]
        for row in work.sql.exec_driver_sql(
            "SELECT number FROM enrolment WHERE class_id = ? AND gone = 0 AND number IS NOT NULL", (class_id,)
        )
    }
    number = enrolment.number
    if number is None or number in taken:
        number = max(taken, default=0) + 1
    work.put(
        ENROLMENT,
        key,
        {
            **fields,
            "number": number,
            "state": "attending",
            "periods": [[enrolment.first_day.isoformat(), None]],
        },
    )
    return True
