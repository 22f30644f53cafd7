"""佐证: files of people, enrolments, sessions, classes and projects; added, reviewed, opened, removed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop_app.domain import evidence, masking
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import Cover, EvidenceState
from desktop_app.domain.listings.evidence import (
    EvidenceContent,
    EvidenceListItem,
    EvidenceSheet,
    PersonEvidence,
)
from desktop_app.domain.records import ATTACHMENT, BY_NAME
from desktop_app.domain.rules import Finding
from desktop_app.domain.users import Role
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence_intake import PhotoShape, Taken, pictures_of, take_in
from desktop_app.services.profile import Profile
from desktop_app.services.shared_files import fetched
from desktop_app.store.database import Connection
from desktop_app.store.evidence_files import EvidenceFiles
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import evidence as queries
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

_EDITABLE = frozenset({"number", "issuer", "valid_until"})


@dataclass(frozen=True, slots=True)
class Owner:
    """The record that a file belongs to: the name of its entity, and its key."""

    entity: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """What a file is: its kind, and the number, issuer and last day that stand on it."""

    kind: str
    number: str = ""
    issuer: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that lies in the evidence folder already, to be named by a record."""

    owner: Owner
    paper: Paper
    digest: bytes
    taken: Taken


class EvidenceService(Service):
    """Evidence of the open profile."""

    def __init__(self, profile: Profile) -> None:
        assert profile.context is not None
        super().__init__(profile.context)
        self._profile = profile

    @property
    def files(self) -> EvidenceFiles:
        """Return the evidence folder; AppError LOGIN_REQUIRED."""
        return EvidenceFiles(self._profile.files, self._profile.data_key)

    def sheet(self, class_id: bytes) -> EvidenceSheet:
        """Return who of a class has what, and lacks what (R02, R03, R33); AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_evidence")
        today = self.context.today()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            training_class = one_class(sql, class_id, today)
            items = queries.class_evidence(sql, class_id)
            members = class_queries.member_items(sql, class_id)
        people = []
        for member in members:
            keys = {("trainee", member.trainee_id), ("enrolment", class_id + member.trainee_id)}
            own = tuple(item for item in items if (item.owner, item.owner_key) in keys)
            needs = evidence.needs_of(member.category, member.key_group)
            proofs = queries.with_number(
                (item.proof for item in own), member.evidence_kind, member.evidence_number
            )
            missing = evidence.missing_evidence(needs, proofs, today)
            people.append(
                PersonEvidence(
                    member.trainee_id, member.number, member.name, member.document_number, needs, own, missing
                )
            )
        other = tuple(
            item
            for item in items
            if item.owner in {"session", "training_class"} and item.kind != evidence.STAMPED_CONTENT
        )
        return EvidenceSheet(class_id, training_class.code, tuple(people), other)

    def of_trainee(self, trainee_id: bytes) -> list[EvidenceListItem]:
        """Return the evidence of a person; AppError NOT_YOUR_CLASS."""
        actor = self.context.require("view_evidence")
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            if visible is not None and not visible & owner_classes(sql, Owner("trainee", trainee_id)):
                raise AppError("NOT_YOUR_CLASS")
            return queries.trainee_evidence(sql, trainee_id)

    def of_order(self, order_id: bytes) -> list[EvidenceListItem]:
        """Return the evidence of the 整改回复 to an order (六.3)."""
        self.context.require("view_supervision")
        with self.context.read() as sql:
            return queries.owner_evidence(sql, "supervision_event", order_id)

    def add(
        self, owner: Owner, paper: Paper, data: bytes, file_name: str, photo: PhotoShape | None = None
    ) -> bytes:
        """Add a file; return the key of its record, that of the present one where the same file is there already.

        A 证件照 is cut to 一寸 unless ``photo`` says otherwise. Raises AppError EVIDENCE_KIND_UNKNOWN, EVIDENCE_OWNER,
        NOT_YOUR_CLASS, PICTURE_*, PDF_*, and what writing to the disk raises; then nothing has changed.
        """
        self.context.require("add_evidence")
        checked_owner(owner, paper.kind)
        with self.context.read() as sql:
            self._require_own(sql, owner)
        shape = (photo or PhotoShape()) if paper.kind == evidence.PHOTO else None
        taken = take_in(data, file_name, shape)
        return self._add(KeptFile(owner, paper, self.files.put(taken.content), taken))

    @command("add_evidence")
    def _add(self, work: UnitOfWork, kept: KeptFile) -> bytes:
        return name_file(work, self.context.new_id(), kept)

    def keep_sheet(self, session_id: bytes, data: bytes, file_name: str) -> KeptFile:
        """Keep the scan of a signed 签到表 for ``AttendanceService.mark_from_sheet``, which names it.

        Raises AppError NOT_PERMITTED, PICTURE_*, PDF_*, and what writing to the disk raises.
        """
        self.context.require("mark_from_sheet")
        taken = take_in(data, file_name)
        owner, paper = Owner("session", session_id), Paper(evidence.SIGN_IN)
        return KeptFile(owner, paper, self.files.put(taken.content), taken)

    def open(self, attachment_id: bytes) -> EvidenceContent:
        """Return a file in the clear; that it was opened is recorded.

        One that a colleague added is fetched first, where it is not here yet: this may take as long as the line does.
        Raises AppError EVIDENCE_GONE, NOT_YOUR_CLASS, EVIDENCE_LOST, and as ``FileSharing.fetch_file``.
        """
        self.context.require("open_evidence")
        with self.context.read() as sql:
            item = one_item(sql, attachment_id)
            self._require_own(sql, Owner(item.owner, item.owner_key))
        content = fetched(self.context, self.files, item.digest)
        pages = pictures_of(content, item.media_type)
        self._record_opening(attachment_id)
        return EvidenceContent(item, content, pages)

    @command("open_evidence", undoable=False)
    def _record_opening(self, work: UnitOfWork, attachment_id: bytes) -> None:
        work.remark(ATTACHMENT, attachment_id)

    @command("review_evidence")
    def review(
        self, work: UnitOfWork, attachment_ids: Sequence[bytes], *, accepted: bool, reason: str = ""
    ) -> int:
        """Mark files as 已审核, or send them back with a reason; return how many changed.

        Raises AppError EVIDENCE_GONE, REASON_MISSING, EVIDENCE_IS_REVIEWED, EVIDENCE_IS_RETURNED.
        """
        rows: list[tuple[bytes, dict[str, object]]] = []
        for attachment_id in dict.fromkeys(attachment_ids):
            item = one_item(work.sql, attachment_id)
            state = evidence.check_review(item.state, accepted=accepted, reason=reason)
            said = None if accepted else reason.strip()
            rows.append((attachment_id, {"state": state.value, "review_reason": said}))
        return work.put_many(ATTACHMENT, rows)

    @command("edit_evidence")
    def edit(self, work: UnitOfWork, attachment_id: bytes, changes: Mapping[str, str | date | None]) -> bool:
        """Correct the ``number``, ``issuer`` or ``valid_until`` of a file; "" or None clears; tell whether any changed.

        A file that was reviewed is 已收 again, for the review was of what it said before.
        Raises AppError EVIDENCE_GONE, NOT_YOUR_CLASS, EVIDENCE_TEXT_TOO_LONG.
        """
        item = one_item(work.sql, attachment_id)
        self._require_own(work.sql, Owner(item.owner, item.owner_key))
        fields: dict[str, object] = {}
        for name in _EDITABLE & changes.keys():
            value = changes[name]
            if isinstance(value, str):
                _check_text(value)
                value = value.strip() or None
            if value != getattr(item, name):
                fields[name] = value.isoformat() if isinstance(value, date) else value
        if fields and item.state is EvidenceState.REVIEWED:
            fields["state"] = EvidenceState.RECEIVED.value
        return bool(work.put(ATTACHMENT, attachment_id, fields)) if fields else False

    @command("remove_evidence")
    def remove(self, work: UnitOfWork, attachment_id: bytes, reason: str) -> None:
        """Take a file off its owner; the file itself stays for undo.

        Raises AppError EVIDENCE_GONE, REASON_MISSING, RESULT_FILE_KEPT: results come with their file (四.3).
        """
        item = one_item(work.sql, attachment_id)
        self._require_own(work.sql, Owner(item.owner, item.owner_key))
        if item.kind == evidence.RESULT_FILE:
            raise AppError("RESULT_FILE_KEPT", file=item.file_name)
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        work.delete(ATTACHMENT, attachment_id)

    def cover(self, class_id: bytes, path: Path, kind: str = "") -> int:
        """Write the cover sheets of a class as PDF, one a person; return how many.

        ``kind`` "" leaves the kind to the scan's user. AppError CLASS_EMPTY, EVIDENCE_KIND_UNKNOWN, FILE_NOT_WRITABLE.
        """
        from desktop_app.papers import cover_sheet  # noqa: PLC0415 - loads reportlab

        actor = self.context.require("make_paper")
        owned = evidence.kind_owner(kind) if kind else "enrolment"
        if owned not in {"trainee", "enrolment"}:
            raise AppError("EVIDENCE_OWNER", kind=evidence.kind_name(kind))
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            code = one_class(sql, class_id, self.context.today()).code
            institution = accounts.institution(sql)
            people = queries.candidates(sql, class_id)
        if not people:
            raise AppError("CLASS_EMPTY", class_code=code)
        sheets = [
            cover_sheet.CoverSheet(
                Cover("enrolment", class_id + one.trainee_id, kind),
                one.number,
                one.name,
                masking.mask_document(one.document),
            )
            for one in people
        ]
        buffer = io.BytesIO()
        cover_sheet.build(buffer, institution.name, code, sheets, demo=institution.demo)
        try:
            write_atomically(path, buffer.getvalue())
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        return len(sheets)

    def lost(self) -> list[bytes]:
        """Return the keys of records whose files are gone or damaged here, but for a colleague's that never came."""
        with self.context.read() as sql:
            named = queries.named_digests(sql, hidden=False)
            lost = list(self.files.lost(named))
            away = queries.of_colleagues(sql, self.files.absent(lost), self.context.workstation.device)
        return [named[digest] for digest in lost if digest not in away]

    def drop_files(self, digests: Iterable[bytes]) -> int:
        """Drop at once files of an erased person that no record names any more; return how many."""
        with self.context.read() as sql:
            named = queries.named_digests(sql)
        return self.files.drop(digest for digest in digests if digest not in named)

    def clear_unnamed(self) -> int:
        """Drop files that no record has named for thirty days; return how many."""
        with self.context.read() as sql:
            named = queries.named_digests(sql)
        return self.files.clear_unnamed(named.keys(), self.context.now())

    def copy_to(self, folder: Path) -> tuple[int, int]:
        """Bring all files, encrypted, into a folder beside a backup; return (copied, lost). AppError NOT_PERMITTED."""
        self.context.require("backup")
        with self.context.read() as sql:
            named = queries.named_digests(sql)
        return self.files.copy_to(folder, named.keys())

    def fetch_from(self, folder: Path) -> tuple[int, int]:
        """Fetch lost files from such a folder; return (fetched, still lost). AppError NOT_PERMITTED."""
        self.context.require("backup")
        with self.context.read() as sql:
            named = queries.named_digests(sql)
        return self.files.copy_from(folder, named.keys())

    def _require_own(self, sql: Connection, owner: Owner) -> None:
        """AppError NOT_YOUR_CLASS where an adviser's classes have nothing to do with the owner."""
        actor = self.context.require_actor()
        if actor.roles & {Role.OFFICE, Role.HEAD, Role.ADMIN}:
            return
        if not access.advised_classes(sql, actor.user.id) & owner_classes(sql, owner):
            raise AppError("NOT_YOUR_CLASS")


def owner_classes(sql: Connection, owner: Owner) -> set[bytes]:
    """Return the classes that a record has to do with; none for a teacher, a project and what is unknown."""
    if owner.entity == "trainee":
        rows = sql.exec_driver_sql(
            "SELECT class_id FROM enrolment WHERE trainee_id = ? AND gone = 0", (owner.key,)
        )
        return {row[0] for row in rows}
    if owner.entity == "enrolment":
        return {owner.key[:16]}
    if owner.entity == "session":
        rows = sql.exec_driver_sql("SELECT class_id FROM session WHERE id = ?", (owner.key,))
        return {row[0] for row in rows}
    if owner.entity == "inspection":
        rows = sql.exec_driver_sql("SELECT class_id FROM inspection WHERE id = ?", (owner.key,))
        return {row[0] for row in rows}
    return {owner.key} if owner.entity == "training_class" else set()


def checked_owner(owner: Owner, kind: str) -> None:
    """Check that a file of this kind may belong to such a record; AppError EVIDENCE_KIND_UNKNOWN, EVIDENCE_OWNER.

    What belongs to a person may also be of one enrolment, what belongs to a session also of a visit to it; 其他 of
    anything.
    """
    wanted = evidence.kind_owner(kind)
    fits = {"trainee": {wanted, "enrolment"}, "session": {wanted, "inspection"}}.get(wanted, {wanted})
    if kind != evidence.OTHER and owner.entity not in fits:
        raise AppError("EVIDENCE_OWNER", kind=evidence.kind_name(kind))


def one_item(sql: Connection, attachment_id: bytes) -> EvidenceListItem:
    """Return one file of evidence; AppError EVIDENCE_GONE."""
    item = queries.evidence_item(sql, attachment_id)
    if item is None:
        raise AppError("EVIDENCE_GONE")
    return item


def name_file(work: UnitOfWork, new_id: bytes, kept: KeptFile) -> bytes:
    """Let a record name a kept file, within a command; return its key.

    The same file of the same owner and kind is named once. AppError EVIDENCE_OWNER_UNKNOWN, EVIDENCE_TEXT_TOO_LONG.
    """
    owner, paper, taken = kept.owner, kept.paper, kept.taken
    entity = BY_NAME.get(owner.entity)
    if entity is None or len(owner.key) != entity.key_size or work.fields(entity, owner.key) is None:
        raise AppError("EVIDENCE_OWNER_UNKNOWN")
    for text in (paper.number, paper.issuer):
        _check_text(text)
    for item in queries.owner_evidence(work.sql, owner.entity, owner.key):
        if (item.kind, item.digest) == (paper.kind, kept.digest):
            work.remark(ATTACHMENT, item.id)
            return item.id
    fields: dict[str, object] = {
        "owner": owner.entity,
        "owner_key": owner.key,
        "kind": paper.kind,
        "number": paper.number.strip() or None,
        "issuer": paper.issuer.strip() or None,
        "valid_until": None if paper.valid_until is None else paper.valid_until.isoformat(),
        "digest": kept.digest,
        "media_type": taken.media_type,
        "size": len(taken.content),
        "pages": taken.pages,
        "file_name": taken.file_name or None,
        "state": EvidenceState.RECEIVED.value,
    }
    work.put(ATTACHMENT, new_id, fields)
    return new_id


def _check_text(text: str) -> None:
    if len(text.strip()) > evidence.MAX_TEXT:
        raise AppError("EVIDENCE_TEXT_TOO_LONG", limit=evidence.MAX_TEXT)


def evidence_findings(
    sql: Connection, class_id: bytes, trainee_id: bytes, day: date, *, claim: bool = False
) -> tuple[Finding, ...]:
    """Find what an enrolment lacks of the papers of its group or employment (R02, R03); see ``check_evidence``."""
    row = sql.exec_driver_sql(
        "SELECT t.name, c.code FROM trainee t, training_class c WHERE t.id = ? AND c.id = ?",
        (trainee_id, class_id),
    ).one()
    _, missing = queries.missing_of(sql, class_id, trainee_id, day.isoformat())
    return evidence.check_evidence(row[0] or "", row[1] or "", missing, claim=claim)


def has_file(sql: Connection, owner: Owner, kind: str, digest: bytes) -> bool:
    """Tell whether a record has this file already."""
    return any(
        (item.kind, item.digest) == (kind, digest)
        for item in queries.owner_evidence(sql, owner.entity, owner.key)
    )
