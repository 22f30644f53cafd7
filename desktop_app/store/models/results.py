"""Assessments, scores, certificates and what follows from them. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class AssessmentRow(Synced, Base):
    """考核; ``components`` is a JSON list of [code, full mark, pass mark, weight], marks in tenths.

    ``resit_of`` is the assessment that a 补考 names, ``files`` the [name, SHA-256] of every file of results in order.
    """

    __tablename__ = "assessment"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    kind: Mapped[str | None]
    held_on: Mapped[str | None]
    organisation: Mapped[str | None]
    components: Mapped[str | None]
    rule: Mapped[str | None]
    locked: Mapped[int | None]
    locked_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    teachers: Mapped[str | None]
    file_name: Mapped[str | None]
    file_hash: Mapped[str | None]
    resit_of: Mapped[bytes | None] = mapped_column(LargeBinary)
    starts_at: Mapped[str | None]
    place: Mapped[str | None]
    files: Mapped[str | None]


class ScoreRow(Synced, Base):
    """成绩; each component has a state and a score in tenths of a point."""

    __tablename__ = "score"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    ticket: Mapped[str | None]
    theory_state: Mapped[str | None]
    theory: Mapped[int | None]
    practice_state: Mapped[str | None]
    practice: Mapped[int | None]
    review_state: Mapped[str | None]
    review: Mapped[int | None]
    process_state: Mapped[str | None]
    process: Mapped[int | None]
    conclusion: Mapped[str | None]
    candidate: Mapped[str | None]
    decided_on: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class CertificateRow(Synced, Base):
    """职业技能等级证书; ``issue`` counts 更正 and 补发 from 1, ``handed_to`` names who took it for somebody (代领)."""

    __tablename__ = "certificate"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    issue: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str | None]
    kind: Mapped[str | None]
    issued_on: Mapped[str | None]
    issuer: Mapped[str | None]
    state: Mapped[str | None]
    handed_on: Mapped[str | None]
    handed_to: Mapped[str | None]
    cause: Mapped[str | None]
    decided_on: Mapped[str | None]

    __table_args__ = (
        Index(None, "number"),
        Index(None, "trainee_id"),
        Index(None, "issued_on"),
        {"sqlite_with_rowid": False},
    )


class GuidanceRow(Synced, Base):
    """职业指导, 岗位推荐, 创业服务 to one person."""

    __tablename__ = "guidance"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    kind: Mapped[str | None]
    held_on: Mapped[str | None]
    provider: Mapped[str | None]
    note: Mapped[str | None]


class HireRow(Synced, Base):
    """录用 by a partner of the evaluation organisation ``partner_of``."""

    __tablename__ = "hire"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    employer: Mapped[str | None]
    credit_code: Mapped[str | None]
    post: Mapped[str | None]
    hired_on: Mapped[str | None]
    partner_of: Mapped[str | None]


class CreditDepositRow(Synced, Base):
    """A pass's certificate in a credit bank; ``bank_number`` 1 国家, 2 湖北."""

    __tablename__ = "credit_deposit"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    bank_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bank: Mapped[str | None]
    account: Mapped[str | None]
    consent_on: Mapped[str | None]
    exported_on: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class CreditConversionRow(Synced, Base):
    """学分转换; ``credit_tenths`` in tenths of a credit."""

    __tablename__ = "credit_conversion"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), index=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    course: Mapped[str | None]
    school: Mapped[str | None]
    granted_on: Mapped[str | None]
    credit_tenths: Mapped[int | None]


class TreatmentRow(Synced, Base):
    """待遇兑现 in the employing enterprise."""

    __tablename__ = "treatment"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    employer: Mapped[str | None]
    measure: Mapped[str | None]
    since: Mapped[str | None]
    document: Mapped[str | None]
