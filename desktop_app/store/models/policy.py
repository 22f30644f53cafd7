"""政策参数 and the 1+X 试点 table. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class PolicyValueRow(Synced, Base):
    """One value of a parameter; ``value`` is a JSON list of one item, dates are ISO text."""

    __tablename__ = "policy_value"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    parameter: Mapped[str | None] = mapped_column(index=True)
    region: Mapped[str | None]
    channel: Mapped[str | None]
    since: Mapped[str | None]
    owner: Mapped[int | None]
    value: Mapped[str | None]
    document: Mapped[str | None]
    until: Mapped[str | None]
    withdrawn: Mapped[int | None]


class PilotRow(Synced, Base):
    """A 院校 that pilots a certificate at a level since a published batch."""

    __tablename__ = "pilot"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    school: Mapped[str | None]
    certificate: Mapped[str | None]
    level: Mapped[str | None]
    batch: Mapped[str | None]
    owner: Mapped[int | None]
    published_on: Mapped[str | None]
    document: Mapped[str | None]
    withdrawn: Mapped[int | None]
