"""佐证. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class AttachmentRow(Synced, Base):
    """One file of evidence: ``owner`` the name of an entity and ``owner_key`` its key.

    ``digest`` is the SHA-256 of the plain bytes, ``size`` their number, ``valid_until`` an ISO date.
    """

    __tablename__ = "attachment"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    owner: Mapped[str | None]
    owner_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str | None]
    number: Mapped[str | None]
    issuer: Mapped[str | None]
    valid_until: Mapped[str | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    pages: Mapped[int | None]
    file_name: Mapped[str | None]
    state: Mapped[str | None]
    review_reason: Mapped[str | None]

    __table_args__ = (Index(None, "owner_key"), Index(None, "digest"))
