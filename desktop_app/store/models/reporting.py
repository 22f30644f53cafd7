"""Batches and the platform's pages (synced), and what is derived from them here (local)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class BatchRow(Synced, Base):
    """批次: the signed manifest as sealed."""

    __tablename__ = "batch"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    manifest: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    dissolved: Mapped[int | None]


class BatchPageRow(Synced, Base):
    """A page of a batch, the bytes as they are sent."""

    __tablename__ = "batch_page"
    batch_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("batch.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class PlatformPageRow(Synced, Base):
    """A signed page of the platform: a receipt, or a version of a stream."""

    __tablename__ = "platform_page"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    stream: Mapped[str | None]
    version: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class PlatformChangeRow(Synced, Base):
    """A platform that is another one than before: begun anew or restored; ``lost`` is the contract's matter."""

    __tablename__ = "platform_change"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    epoch: Mapped[bytes | None] = mapped_column(LargeBinary)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    lost: Mapped[bytes | None] = mapped_column(LargeBinary)


class DuplicateTrainingRow(Synced, Base):
    """What the platform says of an enrolment whose person is trained elsewhere too; both dates as ISO text."""

    __tablename__ = "duplicate_training"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("trainee.id"), primary_key=True, index=True
    )
    cause: Mapped[str | None]
    first_on: Mapped[str | None]
    last_on: Mapped[str | None]
    institutions: Mapped[int | None]
    trade: Mapped[str | None]
    level: Mapped[str | None]


class ReportReviewRow(Synced, Base):
    """校内审核 of a report: what was decided on which content; ``digest`` of the statement as it would be sealed."""

    __tablename__ = "report_review"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str | None]
    subject: Mapped[str | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision: Mapped[str | None]
    reason: Mapped[str | None]


class DeliveryRow(Base):
    """Local: how far this workstation has brought a batch: sealed, sending, delivered, receipted."""

    __tablename__ = "delivery"
    batch_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    state: Mapped[str]
    changed_at: Mapped[str]
    problem: Mapped[str | None]


class ReportVersionRow(Base):
    """Local, derived from receipts: the newest version of each report that the platform has received."""

    __tablename__ = "report_version"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    batch_id: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[str]


class AcceptedRecordRow(Base):
    """Local, derived from batches and receipts: the statement that the platform has accepted."""

    __tablename__ = "accepted_record"
    report: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fields: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class RejectedRecordRow(Base):
    """Local, derived from receipts: records that the platform did not accept and that wait for a correction."""

    __tablename__ = "rejected_record"
    report: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    batch_id: Mapped[bytes] = mapped_column(LargeBinary)
    code: Mapped[str]
    field: Mapped[str | None]
    params: Mapped[str]
    sent_fields: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class ReportTouchRow(Base):
    """Local: how often something of a class or project was changed that a report may say; subject "" for all of them.

    ``store/report_touches.py`` counts.
    """

    __tablename__ = "report_touch"
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    touched: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ReportStateRow(Base):
    """Local: what the pre-flight found of a class or project (``checks``, msgpack) and from what.

    ``basis`` is the digest of everything that it was found from besides the records, whose number is ``touched``;
    ``day`` the ISO date on which it was found, ``steady`` 1 where a later day of that year changes nothing.
    """

    __tablename__ = "report_state"
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    touched: Mapped[int]
    basis: Mapped[bytes] = mapped_column(LargeBinary)
    day: Mapped[str]
    steady: Mapped[int]
    checks: Mapped[bytes] = mapped_column(LargeBinary)
