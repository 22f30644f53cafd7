"""学员 and 报名. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class TraineeRow(Synced, Base):
    """学员; ``studying`` is 1 for 在读, ``birth`` an ISO date, ``circumstances`` a JSON list of [code, text]."""

    __tablename__ = "trainee"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None]
    document_type: Mapped[str | None]
    document_number: Mapped[str | None]
    birth: Mapped[str | None]
    sex: Mapped[str | None]
    ethnicity: Mapped[str | None]
    education: Mapped[str | None]
    studying: Mapped[int | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    household_region: Mapped[str | None]
    circumstances: Mapped[str | None]

    __table_args__ = (Index(None, "document_number"), Index(None, "phone"))


class EnrolmentRow(Synced, Base):
    """报名; ``periods`` is a JSON list of [first day, last day or null], ``carried`` of [class id as hex, 课时]."""

    __tablename__ = "enrolment"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    number: Mapped[int | None]
    periods: Mapped[str | None]
    category: Mapped[str | None]
    key_group: Mapped[str | None]
    enrolled_on: Mapped[str | None]
    evidence_kind: Mapped[str | None]
    evidence_number: Mapped[str | None]
    employer: Mapped[str | None]
    post: Mapped[str | None]
    student_number: Mapped[str | None]
    major: Mapped[str | None]
    state: Mapped[str | None]
    decided_on: Mapped[str | None]
    decision_reason: Mapped[str | None]
    chosen_group: Mapped[str | None]
    chosen_on: Mapped[str | None]
    channel: Mapped[str | None]
    channel_document: Mapped[str | None]
    choice_reason: Mapped[str | None]
    hubei_ground: Mapped[str | None]
    organisers: Mapped[str | None]
    organised_by: Mapped[str | None]
    consent_version: Mapped[str | None]
    consented_on: Mapped[str | None]
    sensitive_on: Mapped[str | None]
    willingness_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    carried: Mapped[str | None]
    employer_uscc: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class PersonLinkRow(Synced, Base):
    """What a user decided of two people, the smaller id first; ``decision`` same or different."""

    __tablename__ = "person_link"
    first_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    second_id: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("trainee.id"), primary_key=True, index=True
    )
    decision: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class WillingnessRow(Synced, Base):
    """意愿登记; ``state`` open, admitted, waitlisted or rejected; ``class_id`` the class it was matched to."""

    __tablename__ = "willingness"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    trade: Mapped[str | None]
    level: Mapped[str | None]
    noted_on: Mapped[str | None]
    consent_version: Mapped[str | None]
    consented_on: Mapped[str | None]
    sensitive_on: Mapped[str | None]
    state: Mapped[str | None]
    class_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[str | None]


class FormerIdentityRow(Synced, Base):
    """曾用名 or 旧证件 of a person."""

    __tablename__ = "former_identity"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    name: Mapped[str | None]
    document_type: Mapped[str | None]
    document_number: Mapped[str | None] = mapped_column(index=True)
    changed_on: Mapped[str | None]
    kind: Mapped[str | None]
    attachment_id: Mapped[bytes | None] = mapped_column(LargeBinary)
