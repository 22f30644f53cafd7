"""The institution: itself, its 教学点, 终端, users and teachers. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class InstitutionRow(Synced, Base):
    """承训机构, one record; ``platform_key`` and ``platform_epoch`` are those of the platform that it joined."""

    __tablename__ = "institution"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None]
    uscc: Mapped[str | None]
    region: Mapped[str | None]
    kind: Mapped[str | None]
    solo: Mapped[int | None]
    demo: Mapped[int | None]
    affiliation: Mapped[str | None]
    review_reports: Mapped[int | None]
    platform_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    platform_epoch: Mapped[bytes | None] = mapped_column(LargeBinary)


class SiteRow(Synced, Base):
    """教学点/校区; ``shareable`` is a JSON list of the places that several classes may use at once (可共用)."""

    __tablename__ = "site"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None]
    region: Mapped[str | None]
    address: Mapped[str | None]
    shareable: Mapped[str | None]


class DeviceRow(Synced, Base):
    """终端; ``admitted_by``: its invitation, ``proof``: signature by that invitation's key over device and key."""

    __tablename__ = "device"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    admitted_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    revoked: Mapped[int | None]
    proof: Mapped[bytes | None] = mapped_column(LargeBinary)


class InvitationRow(Synced, Base):
    """An invitation of one workstation: the public key of its secret, its end in ms since 1970, its administrator."""

    __tablename__ = "invitation"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_ms: Mapped[int | None]
    user_id: Mapped[bytes | None] = mapped_column(LargeBinary)


class UserRow(Synced, Base):
    """An account; ``roles`` is a JSON list of role codes, ``until`` the last day of a time-limited account."""

    __tablename__ = "user"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login: Mapped[str | None] = mapped_column(index=True)
    display: Mapped[str | None]
    roles: Mapped[str | None]
    disabled: Mapped[int | None]
    until: Mapped[str | None]


class TeacherRow(Synced, Base):
    """教师; ``qualities`` is a JSON list."""

    __tablename__ = "teacher"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None] = mapped_column(index=True)
    employment: Mapped[str | None]
    qualities: Mapped[str | None]
    user_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[str | None]
