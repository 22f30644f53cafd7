"""Tables of the platform; ``institution_id`` leads every key, so they shard.

What must be unique over the province lies with the province itself (``institution_id`` 0) and names its ``owner``,
the institution. Text and bytes sort by bytes on both databases. What changes here needs a migration:
``python -m sync.platform.upgrading new NAME``.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table
from sqlalchemy import Text as AnyText

PROVINCE = 0

# SQLite compares by bytes of itself; PostgreSQL by its locale unless told otherwise.
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")

Wide = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

# One row: what the platform signs with, and which of its lives this is.
identity = Table(
    "identity",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", LargeBinary, nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("token_secret", LargeBinary, nullable=False),
    Column("person_secret", LargeBinary, nullable=False),
)

# Whose turn it is to write what the whole province shares: a transaction holds the row of that name to its end.
turn = Table(
    "turn",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
)

institution = Table(
    "institution",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uscc", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Index(None, "institution_id", "uscc", unique=True),
)

device_code = Table(
    "device_code",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("code_hash", LargeBinary, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_by", LargeBinary),
)

device = Table(
    "device",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("demo", Integer, nullable=False),
    Column("revoked", Integer, nullable=False),
    Column("registered_at", Text, nullable=False),
)

challenge = Table(
    "challenge",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("challenge", LargeBinary, primary_key=True),
    Column("device_id", LargeBinary, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index(None, "institution_id", "expires_at"),
)

batch = Table(
    "batch",
    metadata,
    Column("institution_id", Integer, primary_key=True),
    Column("batch_id", LargeBinary, primary_key=True),
    Column("device_id", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("manifest_hash", LargeBinary, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("next_page", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("receipt", LargeBinary),
)

batch_page = Table(
    "batch_page",
    metadata,
    Column("institution_id", Integer, primary_key=True),
    Column("batch_id", LargeBinary, primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("tally", LargeBinary, nullable=False),
    Column("rejected", LargeBinary, nullable=False),
    Column("last_place", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# ``version``: newest closed one. ``open_*``: of the batch under way, whose records are not yet valid.
report = Table(
    "report",
    metadata,
    Column("institution_id", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("records", Integer, nullable=False),
    Column("closed_batch", LargeBinary),
    Column("open_batch", LargeBinary),
    Column("open_version", Integer),
    Column("open_received", Integer),
    Column("open_digest", LargeBinary),
    Column("open_records", Integer),
    Index(None, "institution_id", "number", unique=True),
    Index(None, "institution_id", "open_batch"),
)

# An accepted record. ``version``: of the report that brought ``fields`` (null: it left); ``former``: what was
# accepted before, valid again should that version never close.
record = Table(
    "record",
    metadata,
    Column("institution_id", Integer, primary_key=True),
    Column("report", Integer, primary_key=True),
    Column("kind", SmallInteger, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("fields", LargeBinary),
    Column("former_version", Integer),
    Column("former", LargeBinary),
    sqlite_with_rowid=False,
)

# Unique over the province. ``holder`` = assessment + trainee, null while only the number is known; ``batch_id``: the
# batch that named the holder; ``entered``: the department entered the number itself.
certificate_number = Table(
    "certificate_number",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("holder", LargeBinary),
    Column("batch_id", LargeBinary),
    Column("entered", Integer, nullable=False),
    Index(None, "institution_id", "owner", "batch_id"),
)

project = Table(
    "project",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, primary_key=True),
    Column("id", LargeBinary, nullable=False),
    Column("fields", LargeBinary, nullable=False),
)

# What departments answered to submissions.
project_answer = Table(
    "project_answer",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("project_id", LargeBinary, primary_key=True),
    Column("track", Text, primary_key=True),
    Column("submission", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("fields", LargeBinary, nullable=False),
)

# A person's training (keyed hash of document type and number, trade, level) and who claims it; unique over the
# province. ``line``: claim + trainee, empty where the department entered it; ``batch_id``: the batch that brought it.
claimed_training = Table(
    "claimed_training",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("person", LargeBinary, primary_key=True),
    Column("trade", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("batch_id", LargeBinary),
    Index(None, "institution_id", "owner", "batch_id"),
    Index(None, "institution_id", "owner", "line"),
)

# Who is or was trained where, from accepted rosters: the same keyed hash, the class's trade and level, the person's
# days in it (ISO dates; ``ends``: the last one), and whether it was to be the whole of them.
training = Table(
    "training",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("person", LargeBinary, primary_key=True),
    Column("owner", Integer, primary_key=True, autoincrement=False),
    Column("enrolment", LargeBinary, primary_key=True),
    Column("trade", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("begins", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("whole", Integer, nullable=False),
    Index(None, "institution_id", "owner", "enrolment"),
)

# What an institution has been told of its people's trainings elsewhere.
duplicate = Table(
    "duplicate",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("enrolment", LargeBinary, primary_key=True),
    Column("fields", LargeBinary, nullable=False),
)

# What departments decided on people of claims, and what they paid (追回 below zero).
claim_decision = Table(
    "claim_decision",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("line", LargeBinary, primary_key=True),
    Column("fields", LargeBinary, nullable=False),
)
claim_payment = Table(
    "claim_payment",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, primary_key=True),
    Column("line", LargeBinary, nullable=False),
    Column("fen", BigInteger, nullable=False),
    Index(None, "institution_id", "line"),
)

# The newest trail (envelope) of a class's claims: who wrote the marks of its people.
claim_trail = Table(
    "claim_trail",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, primary_key=True),
    Column("device_id", LargeBinary, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Evidence of the claims of a class as its institution lists it, files by the HMAC of their digest, and what has
# arrived of each.
evidence_list = Table(
    "evidence_list",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
evidence_file = Table(
    "evidence_file",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("name", LargeBinary, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("received", Integer, nullable=False),
)
evidence_part = Table(
    "evidence_part",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("name", LargeBinary, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

stream = Table(
    "stream",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

stream_page = Table(
    "stream_page",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

# The platform's own acts, append-only; ``hash`` = SHA-256 of the former hash and the row.
act = Table(
    "act",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Wide, primary_key=True, autoincrement=False),
    Column("owner", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# The relay's offices. ``epoch``: which life of its shelf this is, ``newest``: number of its last page, ``heads``:
# entries that none on the shelf follows.
relay_office = Table(
    "relay_office",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("office", LargeBinary, primary_key=True),
    Column("epoch", LargeBinary, nullable=False),
    Column("newest", Wide, nullable=False),
    Column("heads", LargeBinary, nullable=False),
)

# Institution keys of an office by name, and the public key that shows who holds one; ``former``: it was changed.
relay_key = Table(
    "relay_key",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("office", LargeBinary, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("office_key", LargeBinary, nullable=False),
    Column("former", Integer, nullable=False),
)

relay_device = Table(
    "relay_device",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("office", LargeBinary, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("revoked", Integer, nullable=False),
)

# Pages as they came: nothing in them can be read here but their heads.
relay_page = Table(
    "relay_page",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("office", LargeBinary, primary_key=True),
    Column("number", Wide, primary_key=True, autoincrement=False),
    Column("page", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "institution_id", "office", "page", unique=True),
)

# ``accepted_by``: the device that took it; its public key besides, so that nobody else passes for it.
relay_invitation = Table(
    "relay_invitation",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("lookup", LargeBinary, primary_key=True),
    Column("office", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Wide, nullable=False),
    Column("accepted_by", LargeBinary),
)

# Evidence files of an office, sealed, part by part; ``size``: of the whole file, ``length``: of this part.
relay_file = Table(
    "relay_file",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("office", LargeBinary, primary_key=True),
    Column("address", LargeBinary, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
