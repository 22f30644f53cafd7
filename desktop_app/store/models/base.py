"""Declarative base and what every synced table carries."""

from __future__ import annotations

from sqlalchemy import LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


class Synced:
    """Columns that every synced record has.

    ``base`` is the local number of the journal entry that made the record (it stands for that entry's stamp),
    ``later`` a msgpack map from group number to the entry that wrote that group afterwards, ``gone`` 1 while the
    record counts as deleted. ``deleted`` is the value of group 0.
    """

    base: Mapped[int]
    later: Mapped[bytes | None] = mapped_column(LargeBinary)
    deleted: Mapped[int | None]
    gone: Mapped[int] = mapped_column(default=0, server_default="0")
