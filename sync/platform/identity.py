"""Who the platform is: its epoch, its signing key, the secrets of its tokens and of its hashes of people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from sync.contract.sealed_files import sealing_address
from sync.contract.signing import public_key_of
from sync.platform.database import reading
from sync.platform.schema import PROVINCE, identity


@dataclass(frozen=True, slots=True)
class PlatformIdentity:
    """Read once when a worker starts; ``epoch`` changes when the platform begins anew."""

    epoch: bytes
    private_key: bytes
    token_secret: bytes
    person_secret: bytes

    @property
    def public_key(self) -> bytes:
        """Return the key by which receipts and stream pages are checked."""
        return public_key_of(self.private_key)

    @property
    def sealing_key(self) -> bytes:
        """Return the key to which institutions encrypt batch files."""
        return sealing_address(self.private_key)


def read_identity(connection: Connection) -> PlatformIdentity:
    """Return the platform's identity within a transaction."""
    columns = (identity.c.epoch, identity.c.private_key, identity.c.token_secret, identity.c.person_secret)
    row = connection.execute(select(*columns).where(identity.c.institution_id == PROVINCE)).one()
    return PlatformIdentity(row.epoch, row.private_key, row.token_secret, row.person_secret)


def load_identity(engine: Engine) -> PlatformIdentity:
    """Return the platform's identity."""
    with reading(engine) as connection:
        return read_identity(connection)
