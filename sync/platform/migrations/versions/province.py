"""Keys led by ``institution_id``, text sorted by bytes, a keyed hash of people, trainings kept."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "province"
down_revision = "first_day"
branch_labels = None
depends_on = None

_PROVINCE = 0
_TURNS = ("act", "institution", "training")


def upgrade() -> None:
    """Bring the schema up."""
    _registries_of_the_province()
    op.drop_table("schema_version")
    _trainings()
    _secret_of_people()
    if op.get_bind().dialect.name == "postgresql":
        _sort_by_bytes()


def _text() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _province() -> sa.Column[int]:
    return sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False)


def _owner() -> sa.Column[int]:
    return sa.Column("owner", sa.Integer(), nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _text(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _remake(name: str, columns: list[sa.Column[Any]], key: tuple[str, ...], select: str) -> None:
    """Make a table anew with its rows; ``select`` reads them, in the columns' order, from ``former``."""
    for index in sa.inspect(op.get_bind()).get_indexes(name):
        if index["name"] is not None and not index.get("duplicates_constraint"):
            op.drop_index(index["name"], table_name=name)
    op.execute(f"CREATE TABLE former AS SELECT * FROM {name}")
    op.drop_table(name)
    constraint = sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}"))
    op.create_table(name, *columns, constraint)
    names = ", ".join(column.name for column in columns)
    op.execute(f"INSERT INTO {name} ({names}) SELECT {select} FROM former")
    op.drop_table("former")


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=unique)


def _registries_of_the_province() -> None:
    _remake(
        "institution",
        [
            _province(),
            sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
            *_words("uscc", "name", "region", "kind"),
        ],
        ("institution_id", "id"),
        "0, id, uscc, name, region, kind",
    )
    _index("institution", "institution_id", "uscc", unique=True)
    _remake(
        "device_code",
        [_province(), _bytes("code_hash"), _owner(), *_words("expires_at"), _bytes("used_by", nullable=True)],
        ("institution_id", "code_hash"),
        "0, code_hash, institution_id, expires_at, used_by",
    )
    _remake(
        "device",
        [
            _province(),
            _bytes("id"),
            _owner(),
            *_words("name"),
            _bytes("public_key"),
            _number("demo"),
            _number("revoked"),
            *_words("registered_at"),
        ],
        ("institution_id", "id"),
        "0, id, institution_id, name, public_key, demo, revoked, registered_at",
    )
    _remake(
        "challenge",
        [_province(), _bytes("challenge"), _bytes("device_id"), *_words("expires_at")],
        ("institution_id", "challenge"),
        "0, challenge, device_id, expires_at",
    )
    _index("challenge", "institution_id", "expires_at")
    _remake(
        "certificate_number",
        [
            _province(),
            *_words("kind", "number"),
            _owner(),
            _bytes("holder", nullable=True),
            _bytes("batch_id", nullable=True),
            _number("entered"),
        ],
        ("institution_id", "kind", "number"),
        "0, kind, number, institution_id, holder, batch_id, entered",
    )
    _index("certificate_number", "institution_id", "owner", "batch_id")
    _remake(
        "claimed_training",
        [
            _province(),
            _bytes("person"),
            *_words("trade", "level"),
            _owner(),
            _bytes("line"),
            _bytes("batch_id", nullable=True),
        ],
        ("institution_id", "person", "trade", "level"),
        "0, person, trade, level, institution_id, line, batch_id",
    )
    _index("claimed_training", "institution_id", "owner", "batch_id")
    _index("claimed_training", "institution_id", "owner", "line")
    act_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    _remake(
        "act",
        [
            _province(),
            sa.Column("number", act_number, autoincrement=False, nullable=False),
            _owner(),
            *_words("at", "actor", "command", "params"),
            _bytes("hash"),
        ],
        ("institution_id", "number"),
        "0, number, institution_id, at, actor, command, params, hash",
    )


def _trainings() -> None:
    """Rosters that were accepted before come in with their next version: nobody was told of their people so far."""
    turns = op.create_table(
        "turn",
        _province(),
        sa.Column("name", _text(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "name", name=op.f("pk_turn")),
    )
    op.bulk_insert(turns, [{"institution_id": _PROVINCE, "name": name} for name in _TURNS])
    op.create_table(
        "training",
        _province(),
        _bytes("person"),
        sa.Column("owner", sa.Integer(), autoincrement=False, nullable=False),
        _bytes("enrolment"),
        *_words("trade", "level", "begins", "ends"),
        _number("whole"),
        sa.PrimaryKeyConstraint("institution_id", "person", "owner", "enrolment", name=op.f("pk_training")),
    )
    _index("training", "institution_id", "owner", "enrolment")
    op.create_table(
        "duplicate",
        _province(),
        _bytes("enrolment"),
        _bytes("fields"),
        sa.PrimaryKeyConstraint("institution_id", "enrolment", name=op.f("pk_duplicate")),
    )


def _secret_of_people() -> None:
    """Key the plain hashes that stood in the first schema with a secret of this platform."""
    secret = secrets.token_bytes(32)
    bind = op.get_bind()
    with op.batch_alter_table("identity") as batch_op:
        batch_op.add_column(_bytes("person_secret", nullable=True))
    bind.execute(sa.text("UPDATE identity SET person_secret = :secret"), {"secret": secret})
    with op.batch_alter_table("identity") as batch_op:
        batch_op.alter_column("person_secret", existing_type=sa.LargeBinary(), nullable=False)
    for (former,) in bind.execute(sa.text("SELECT DISTINCT person FROM claimed_training")).all():
        bind.execute(
            sa.text("UPDATE claimed_training SET person = :keyed WHERE person = :former"),
            {"keyed": hmac.digest(secret, bytes(former), "sha256"), "former": former},
        )


def _sort_by_bytes() -> None:
    inspector = sa.inspect(op.get_bind())
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        for column in inspector.get_columns(table):
            if isinstance(column["type"], sa.Text) and column["type"].collation != "C":
                op.alter_column(table, column["name"], type_=sa.Text(collation="C"))
