"""Batches, the platform's pages and what follows from them, as the store keeps them.

What the bytes mean is the contract's matter (``sync.contract``); here they are opaque. A batch and its pages are
journal entries, so every workstation has them; what the platform answers is stored as its signed pages in an entry
of command ``platform``. The accepted statements, report versions and rejected records are derived from both by the
projection that ``bootstrap`` hands in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered, platform_page_id
from desktop_app.domain.records import (
    BATCH,
    BATCH_PAGE,
    BY_NAME,
    INSTITUTION,
    PLATFORM_CHANGE,
    PLATFORM_PAGE,
    Entity,
)
from desktop_app.services.context import Service, command
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store import settings
from desktop_app.store.database import Connection
from desktop_app.store.journal import JournalStore
from desktop_app.store.queries import projects
from desktop_app.store.queries.projects import KnownProjects
from desktop_app.store.repositories import accounts, reported
from desktop_app.store.repositories.reported import (
    DISSOLVED,
    RECEIPTED,
    SEALED,
    PlatformChange,
    ReportState,
)
from desktop_app.store.unit_of_work import UnitOfWork

_SETTING = "reporting."
_RECEIPT = "receipt:"
WAITING, NONE_WAIT, SOME_WAIT = "waiting", b"0", b"1"
"""Setting: whether pages say something that hangs from what is not here yet; unset: nobody has looked."""


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """A signed page of the platform: stream, version and the envelope's bytes."""

    stream: str
    version: int
    body: bytes


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """What a manifest says of the institution; ``solo``: 一人办班."""

    name: str
    uscc: str
    demo: bool
    solo: bool


@dataclass(frozen=True, slots=True)
class SealedPages:
    """A batch as it is stored: manifest, its signature, and the frames of its pages."""

    batch: bytes
    manifest: bytes
    signature: bytes
    pages: Sequence[bytes]


class BatchService(Service):
    """What ``sync.reporting`` keeps in the store."""

    @contextmanager
    def view(self) -> Iterator[StoredReports]:
        """Yield one consistent view."""
        with self.context.read() as sql:
            yield StoredReports(sql)

    def keep_report_states(self, states: Collection[ReportState]) -> None:
        """Keep what the pre-flight found; of this workstation alone, and nobody is told."""
        with self.context.workstation.database.writer() as sql:
            reported.keep_report_states(sql, states)

    @command("seal_batch", undoable=False)
    def seal(
        self,
        work: UnitOfWork,
        batch: bytes,
        manifest: bytes,
        signature: bytes,
        pages: Sequence[bytes],
        reason: str | None,
    ) -> None:
        """Store a sealed batch with its pages in one entry; the heads that its manifest names are signed with it."""
        work.reason = reason
        self._store(work, SealedPages(batch, manifest, signature, pages))

    def _store(self, work: UnitOfWork, sealed: SealedPages) -> None:
        self.context.workstation.sign_tips_in(work.sql)
        values = {"manifest": sealed.manifest, "signature": sealed.signature, "dissolved": 0}
        work.put(BATCH, sealed.batch, values)
        pages = enumerate(sealed.pages)
        work.put_many(BATCH_PAGE, [(numbered(sealed.batch, n), {"body": body}) for n, body in pages])
        self._deliver(work.sql, sealed.batch, SEALED, None)

    @command("confirm_platform", undoable=False)
    def confirm_platform(
        self,
        work: UnitOfWork,
        change: PlatformChange,
        pinned: Mapping[str, bytes],
        dissolved: Collection[bytes],
        sealed: SealedPages | None,
        reason: str,
    ) -> None:
        """Confirm that the platform is another one than before, in one entry with what follows from it.

        ``pinned``: local settings of the platform as it is now; ``dissolved``: batches that were made against what it
        has lost; ``sealed``: what it has lost, sealed again. Raises AppError REASON_MISSING.
        """
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        fields = {
            "epoch": change.epoch,
            "public_key": change.public_key,
            "former_key": change.former_key,
            "lost": change.lost,
        }
        work.put(PLATFORM_CHANGE, change.id, fields)
        institution = work.sql.exec_driver_sql("SELECT id FROM institution WHERE gone = 0").one()[0]
        known = {"platform_key": change.public_key, "platform_epoch": change.epoch}
        work.put(INSTITUTION, institution, known)
        for key, value in pinned.items():
            settings.write(work.sql, _SETTING + key, value)
        for batch in dissolved:
            work.put(BATCH, batch, {"dissolved": 1})
            self._deliver(work.sql, batch, DISSOLVED, None)
        if sealed is not None:
            self._store(work, sealed)

    @command("dissolve_batch", undoable=False)
    def dissolve(self, work: UnitOfWork, batch: bytes) -> None:
        """Dissolve a batch that has no receipt; AppError BATCH_UNKNOWN, BATCH_HAS_RECEIPT."""
        found = StoredReports(work.sql).batch(batch)
        if found.state == RECEIPTED:
            raise AppError("BATCH_HAS_RECEIPT")
        work.put(BATCH, batch, {"dissolved": 1})
        self._deliver(work.sql, batch, DISSOLVED, None)

    def set_state(self, batch: bytes, state: str, problem: str | None = None) -> None:
        """Note how far this workstation has brought a batch; on disk before the next step begins."""
        with self.context.workstation.database.writer() as sql:
            self._deliver(sql, batch, state, problem)
        self.context.tell(frozenset({"batch"}))

    def _deliver(self, sql: Connection, batch: bytes, state: str, problem: str | None) -> None:
        reported.set_delivery(sql, batch, state, self.context.now().isoformat(), problem)

    def take_pages(
        self,
        pages: Iterable[PlatformPage],
        records: Iterable[tuple[Entity, bytes, Mapping[str, object]]] = (),
        *,
        waiting: bool = False,
    ) -> int:
        """Store pages of the platform and the records that follow from them in one entry; return how many were new.

        ``waiting``: some that follow must wait, which is noted.

        The entry is the device's, whoever is logged in. The same page twice changes nothing.
        """
        with self.context.device_work("platform") as work:
            life = reported.life_of_streams(work.sql)
            stored = [PlatformPage(_in_life(page.stream, life), page.version, page.body) for page in pages]
            new = [
                page
                for page in stored
                if work.fields(PLATFORM_PAGE, platform_page_id(page.stream, page.version)) is None
            ]
            rows = [
                (
                    platform_page_id(page.stream, page.version),
                    {"stream": page.stream, "version": page.version, "body": page.body},
                )
                for page in new
            ]
            work.put_many(PLATFORM_PAGE, rows)
            by_entity: dict[str, list[tuple[bytes, Mapping[str, object]]]] = {}
            for entity, key, fields in records:
                by_entity.setdefault(entity.name, []).append((key, fields))
            for name, found in by_entity.items():
                work.put_many(BY_NAME[name], found)
            if waiting:
                settings.write(work.sql, _SETTING + WAITING, SOME_WAIT)
        return len(new)

    @command("join_platform", undoable=False)
    def publish_platform(self, work: UnitOfWork, public_key: bytes, epoch: bytes) -> None:
        """Tell the colleagues by which key what the platform says is proved; the same again writes nothing."""
        institution = accounts.institution(work.sql)
        work.put(INSTITUTION, institution.id, {"platform_key": public_key, "platform_epoch": epoch})

    def known_projects(self) -> KnownProjects:
        """Return the projects that are here and the answers to them."""
        with self.context.read() as sql:
            return projects.known_projects(sql)

    def enrolled(self, keys: Collection[bytes]) -> frozenset[bytes]:
        """Return those of some enrolments (class id + trainee id) that are here."""
        with self.context.read() as sql:
            return projects.enrolled(sql, keys)

    def pages_of(self, streams: Collection[str]) -> list[bytes]:
        """Return the stored pages of some streams, oldest first."""
        with self.context.read() as sql:
            life = reported.life_of_streams(sql)
            rows = sql.exec_driver_sql(
                "SELECT stream, body FROM platform_page WHERE gone = 0 ORDER BY stream, version"
            ).all()
        wanted = {_in_life(name, life) for name in streams}
        return [row[1] for row in rows if row[0] in wanted]

    def cursor(self, stream: str) -> int:
        """Return the last version of a stream that is stored since the platform changed, 0 for none."""
        return self.cursors([stream])[stream]

    def cursors(self, streams: Collection[str]) -> dict[str, int]:
        """Return the last version of each stream that is stored since the platform changed, 0 for none."""
        query = "SELECT max(version) FROM platform_page WHERE stream = ? AND gone = 0"
        with self.context.read() as sql:
            life = reported.life_of_streams(sql)
            rows = {one: sql.exec_driver_sql(query, (_in_life(one, life),)).one() for one in streams}
        return {stream: int(row[0] or 0) for stream, row in rows.items()}

    def device(self) -> tuple[bytes, bytes]:
        """Return id and private key (Ed25519) of this workstation."""
        device = self.context.workstation.device
        with self.context.read() as sql:
            key = settings.read(sql, settings.DEVICE_KEY)
        assert device is not None
        assert key is not None
        return device, key

    def device_name(self) -> str:
        """Return what this workstation is called."""
        with self.context.read() as sql:
            row = sql.exec_driver_sql(
                "SELECT name FROM device WHERE id = ?", (self.context.workstation.device,)
            ).first()
        return str(row[0]) if row is not None and row[0] else "PC"

    def institution(self) -> InstitutionFacts:
        """Return the institution of this profile."""
        with self.context.read() as sql:
            row = sql.exec_driver_sql("SELECT name, uscc, demo, solo FROM institution WHERE gone = 0").one()
        return InstitutionFacts(str(row[0]), str(row[1]), bool(row[2]), bool(row[3]))

    def journal_heads(self) -> list[bytes]:
        """Return the tips of the journal, for the manifest; ``seal`` signs them."""
        with self.context.read() as sql:
            return JournalStore(sql).frontier()

    def setting(self, key: str) -> bytes | None:
        """Return a local setting of the reporting engine (platform address, key, epoch)."""
        with self.context.read() as sql:
            return setting_of(sql, key)

    def settings(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return those of some local settings that are there, read at once."""
        with self.context.read() as sql:
            found = {key: setting_of(sql, key) for key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def set_settings(self, values: Mapping[str, bytes]) -> None:
        """Set local settings of the reporting engine together."""
        with self.context.workstation.database.writer() as sql:
            for key, value in values.items():
                settings.write(sql, _SETTING + key, value)


def _in_life(stream: str, life: str) -> str:
    """Return under which name pages of a stream are stored; a receipt belongs to its batch, whatever the platform."""
    return stream if stream.startswith(_RECEIPT) else stream + life


def setting_of(sql: Connection, key: str) -> bytes | None:
    """Return a local setting of the reporting engine."""
    return settings.read(sql, _SETTING + key)
