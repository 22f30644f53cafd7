"""What lists and the search show: local, derived from the synced records, kept in the transaction that changes them.

``store/projections.py`` keeps them up; a migration fills them anew.
"""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base


class TraineeListRow(Base):
    """A trainee that does not count as deleted, in the order of names.

    ``number`` is the row of the search table ``trainee_term``, higher the later the name comes. ``classes`` are the
    codes of the classes, newest last, a line each; ``category`` and ``key_group`` are those of the newest. ``former``
    are 曾用名 and 旧证件, each as line end, name, tab, number, line end. What is lacking is NULL, the name "".
    """

    __tablename__ = "trainee_list"
    name: Mapped[str] = mapped_column(primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    document_type: Mapped[str | None]
    document: Mapped[str | None]
    sex: Mapped[str | None]
    birth: Mapped[str | None]
    ethnicity: Mapped[str | None]
    education: Mapped[str | None]
    studying: Mapped[int]
    phone: Mapped[str | None]
    classes: Mapped[str | None]
    category: Mapped[str | None]
    key_group: Mapped[str | None]
    former: Mapped[str | None]

    __table_args__ = (
        Index(None, "name"),
        Index(None, "trainee_id"),
        Index(None, "category", "name"),
        Index(None, "classes", "name"),
        Index(None, "birth", "name"),
        {"sqlite_with_rowid": False},
    )


class SessionTallyRow(Base):
    """A session that does not count as deleted: how many belong to it, have a mark, and came.

    ``counts`` is 0 where it was cancelled. A session without a day is not in it.
    """

    __tablename__ = "session_tally"
    session_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary)
    held_on: Mapped[str]
    hours: Mapped[int]
    counts: Mapped[int]
    members: Mapped[int]
    marked: Mapped[int]
    attended: Mapped[int]

    __table_args__ = (
        Index("ix_session_tally_days", "held_on", "class_id", "counts", "members", "marked", "attended"),
        Index(
            "ix_session_tally_unmarked",
            "held_on",
            "class_id",
            sqlite_where=text("counts = 1 AND marked < members"),
        ),
        Index(None, "class_id"),
        {"sqlite_with_rowid": False},
    )


class ClassTallyRow(Base):
    """What the sessions and enrolments of a class come to; ``complete`` counts the sessions where all have a mark.

    Sessions that were cancelled are left out, ``hours`` in 课时.
    """

    __tablename__ = "class_tally"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    people: Mapped[int]
    sessions: Mapped[int]
    complete: Mapped[int]
    hours: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class AssessmentTallyRow(Base):
    """How many have a score in an assessment that does not count as deleted.

    ``waiting`` is 1 while somebody has to act: the file of the 评价组织 lacks people, or the teachers have not locked.
    """

    __tablename__ = "assessment_tally"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    scored: Mapped[int]
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index("ix_assessment_tally_waiting", "assessment_id", sqlite_where=text("waiting = 1")),
        {"sqlite_with_rowid": False},
    )


class TeachingRow(Base):
    """A teacher of a session or assessment; ``hours`` 课时 of the session, NULL where it was cancelled or is none."""

    __tablename__ = "teaching"
    teacher_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    hours: Mapped[int | None]

    __table_args__ = (Index(None, "record_id"), {"sqlite_with_rowid": False})


class PersonAliasRow(Base):
    """Somebody with more than one record, under each id; ``canonical_id`` the smallest of them (``store/aliases``)."""

    __tablename__ = "person_alias"
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    canonical_id: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "canonical_id"), {"sqlite_with_rowid": False})


class RiskFlagRow(Base):
    """A risk flag whose facts hold now (R37, R38); ``facts`` is a JSON list of [name, text] (``domain/risk``)."""

    __tablename__ = "risk_flag"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str]
    blocks: Mapped[int]
    class_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    facts: Mapped[str]

    __table_args__ = (Index(None, "class_id"), Index(None, "kind"), {"sqlite_with_rowid": False})


class RiskSubjectRow(Base):
    """A record that a flag speaks of: its evidence, and the people whom it concerns."""

    __tablename__ = "risk_subject"
    entity: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    flag_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)

    __table_args__ = (Index(None, "flag_id"), {"sqlite_with_rowid": False})


class RiskGridRow(Base):
    """The digest of a class's grid of marks once every session is whole and not everybody was always there."""

    __tablename__ = "risk_grid"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "digest"), {"sqlite_with_rowid": False})
