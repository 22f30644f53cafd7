"""The relay's own code on its own database, asked without a network; it can be emptied and put back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken
from sync.contract.office_keys import admission_payload, office_key, sign_as_office
from sync.contract.relay import Act, Admission, RelayCall
from sync.contract.sharing import ShelfAnswer, ShelfRequest, key_id
from sync.contract.signing import Purpose, public_key_of
from sync.contract.wire import decode, encode
from sync.platform import relay, relay_members
from sync.platform.database import open_database, reading, writing
from sync.platform.schema import relay_device, relay_key, relay_office, relay_page
from tests.sync.statements import ManualClock

_TABLES = (relay_page, relay_device, relay_key, relay_office)
Saved = list[list[dict[str, Any]]]


class RelayInProcess:
    """One relay with nothing on its shelves at first."""

    def __init__(self, file: Path) -> None:
        self.clock = ManualClock()
        self.engine = open_database(f"sqlite:///{file}")

    def close(self) -> None:
        self.engine.dispose()

    def save(self) -> Saved:
        """What a backup of its database would hold."""
        with reading(self.engine) as sql:
            return [[dict(row._mapping) for row in sql.execute(select(table))] for table in _TABLES]

    def put_back(self, saved: Saved) -> None:
        """Restore a backup; with ``[]`` lose everything."""
        with writing(self.engine) as sql:
            for table in _TABLES:
                sql.execute(delete(table))
            for table, rows in zip(_TABLES, saved, strict=False):
                if rows:
                    sql.execute(insert(table), rows)

    def work(self, call: RelayCall) -> Any:
        """Do what a call asks for whose signature was checked, in the transaction that the server takes for it."""
        if call.act is Act.EXCHANGE and not relay.writes(call):
            try:
                with reading(self.engine) as sql:
                    return self._answer(sql, call)
            except relay.ShelfRestored:
                pass
        with writing(self.engine) as sql:
            return self._answer(sql, call)

    def _answer(self, sql: Any, call: RelayCall) -> Any:
        if call.act is Act.ADMISSION:
            return relay.admit(sql, self.clock, call)
        relay_members.device_key(sql, call.office, call.device)
        return relay.exchange(sql, self.clock, call)


@dataclass(frozen=True)
class InProcessTransport:
    """The way of one workstation to it."""

    relay: RelayInProcess
    device: bytes
    private_key: bytes
    key: bytes
    shelf: bytes = b"relay in process"
    counts: bool = True

    def exchange(self, request: ShelfRequest, cancel: CancelToken) -> ShelfAnswer:
        """Exchange over the wire's bytes; where the relay does not know this workstation, show the key first."""
        if cancel.is_cancelled():
            raise AppError("CANCELLED")
        try:
            return self._exchange(request)
        except AppError as error:
            if error.code != "RELAY_DEVICE_UNKNOWN":
                raise
        public, name = public_key_of(self.private_key), key_id(self.key)
        payload = admission_payload(request.office, self.device, public, name)
        proof = sign_as_office(self.key, Purpose.ADMISSION, payload)
        self._call(
            request.office, Act.ADMISSION, encode(Admission(public, name, office_key(self.key), proof, []))
        )
        return self._exchange(request)

    def _exchange(self, request: ShelfRequest) -> ShelfAnswer:
        answer = self._call(request.office, Act.EXCHANGE, encode(request))
        return decode(encode(answer), ShelfAnswer)

    def _call(self, office: bytes, act: Act, body: bytes) -> Any:
        at = int(self.relay.clock.now().timestamp() * 1000)
        return self.relay.work(RelayCall(office, self.device, at, secrets.token_bytes(16), act, body))
