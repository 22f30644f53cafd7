"""佐证批量导入: a folder, archive or scan of a class, matched in one act, shown first, written as one command.

A file finds its person by the numbers and the name in its path, by the cover sheet before it, or, where the user says
so, by roster order. Namesakes and what only resembles a name are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_app.domain import evidence, evidence_matching
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import Cover
from desktop_app.domain.evidence_matching import Candidate, FileMatch
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService, KeptFile, Owner, Paper, has_file, name_file
from desktop_app.services.evidence_intake import PhotoShape, Taken, pictures, pictures_of, scans, take_in
from desktop_app.services.evidence_sources import Piece, pieces
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.store.evidence_files import digest_of
from desktop_app.store.queries import evidence as queries
from desktop_app.store.unit_of_work import UnitOfWork

COVER, ORDER, ANSWER = "cover", "order", "answer"


@dataclass(frozen=True, slots=True)
class EvidenceChoices:
    """How an import is meant: the kind of files that do not say it, roster order for those without a name, photos."""

    kind: str = evidence.OTHER
    by_order: bool = False
    photo: PhotoShape = field(default_factory=PhotoShape)


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file or a page of a scan: whose it seems to be, and why it cannot be taken where ``problem`` is set.

    ``place`` numbers the files of a plan from 0; ``same``: the person has it already. ``kept`` is the file as it
    would be kept, once it is known whose and of what kind it is.
    """

    place: int
    path: str
    match: FileMatch
    kind: str
    taken: Taken | None = None
    problem: AppError | None = None
    same: bool = False
    kept: Taken | None = None

    @property
    def person(self) -> bytes | None:
        """Return whose it certainly is, None where the user must say."""
        return self.match.certain


@dataclass(frozen=True)
class EvidencePlan:
    """What an import would do; ``people`` are those of the class in roster order."""

    class_id: bytes
    class_code: str
    source: str
    choices: EvidenceChoices
    people: tuple[Candidate, ...]
    files: tuple[PlannedFile, ...]

    def ready(self) -> list[PlannedFile]:
        """Return the files that would be added."""
        return [one for one in self.files if one.person and one.taken and not one.same and not one.problem]

    def open(self) -> list[PlannedFile]:
        """Return the files whose person the user must say."""
        return [one for one in self.files if one.taken and not one.problem and one.person is None]

    def answered(self, answers: Mapping[int, tuple[bytes | None, str]]) -> EvidencePlan:
        """Return the plan with person and kind of some files as the user said; None leaves a file out."""
        known = {one.trainee_id for one in self.people}
        files = []
        for one in self.files:
            if one.place not in answers:
                files.append(one)
                continue
            person, kind = answers[one.place]
            if person is not None and person not in known:
                raise AppError("EVIDENCE_OWNER_UNKNOWN")
            match = FileMatch(() if person is None else (person,), kind, ANSWER)
            files.append(replace(one, match=match, kind=kind, same=False, kept=None))
        return replace(self, files=tuple(files))


@dataclass(slots=True)
class _Reading:
    """The files of an import as they are read; ``cover`` is the sheet that came last."""

    people: Sequence[Candidate]
    choices: EvidenceChoices
    class_id: bytes
    cover: Cover | None = None
    files: list[PlannedFile] = field(default_factory=list)

    def read(self, piece: Piece) -> None:
        """Take in one file, or each page of a scan that is nobody's as a whole."""
        match = evidence_matching.match_file(piece.path, self.people)
        if piece.problem is not None:
            self._add(piece.path, match, problem=piece.problem)
            return
        try:
            if scans().is_pdf(piece.data):
                self._read_pdf(piece, match)
            else:
                self._read_picture(piece, match)
        except AppError as error:
            self._add(piece.path, match, problem=error)

    def _read_picture(self, piece: Piece, match: FileMatch) -> None:
        taken = take_in(piece.data, piece.path)
        # The small picture is enough to read a code in, and a quarter of the work.
        cover = scans().picture_cover(taken.content) if not match.people else None
        if cover is not None:
            self.cover = cover
            return
        self._add(piece.path, match, taken)

    def _read_pdf(self, piece: Piece, match: FileMatch) -> None:
        if match.people:
            self._add(piece.path, match, take_in(piece.data, piece.path))
            return
        for number, cover in enumerate(scans().page_covers(piece.data)):
            if cover is not None:
                self.cover = cover
                continue
            name = f"{piece.path}#{number + 1}"
            content = scans().page_picture(piece.data, number)
            taken = Taken(content, pictures().JPEG, 1, evidence.clean_file_name(name))
            self._add(name, match, taken)

    def _add(
        self, path: str, match: FileMatch, taken: Taken | None = None, problem: AppError | None = None
    ) -> None:
        if not match.people and self.cover is not None and taken is not None:
            match = self._covered(self.cover, match)
        kind = match.kind or self.choices.kind
        self.files.append(PlannedFile(len(self.files), path, match, kind, taken, problem))

    def _covered(self, cover: Cover, match: FileMatch) -> FileMatch:
        """Return whom the last cover sheet names; a sheet of another class says nothing here."""
        person = cover.key[16:] if cover.owner == "enrolment" and cover.key[:16] == self.class_id else b""
        if not any(one.trainee_id == person for one in self.people):
            return match
        return FileMatch((person,), cover.kind or match.kind, COVER)


class EvidenceImportService(Service):
    """Imports of evidence for one class."""

    def __init__(self, service: EvidenceService) -> None:
        super().__init__(service.context)
        self._evidence = service

    def plan(
        self,
        class_id: bytes,
        sources: Sequence[Path],
        choices: EvidenceChoices | None = None,
        *,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> EvidencePlan:
        """Read and match files without changing anything.

        Raises AppError NOT_PERMITTED, CLASS_UNKNOWN, NOT_YOUR_CLASS, CLASS_EMPTY, EVIDENCE_KIND_UNKNOWN,
        EVIDENCE_OWNER, EVIDENCE_ORDER_COUNT, EVIDENCE_NOTHING, CANCELLED, and what the sources raise.
        """
        chosen = choices or EvidenceChoices()
        actor = self.context.require("import_evidence")
        if chosen.kind not in evidence.personal_kinds():
            evidence.kind_owner(chosen.kind)
            raise AppError("EVIDENCE_OWNER", kind=evidence.kind_name(chosen.kind))
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            code = one_class(sql, class_id, self.context.today()).code
            people = queries.candidates(sql, class_id)
        if not people:
            raise AppError("CLASS_EMPTY", class_code=code)
        reading = _Reading(people, chosen, class_id)
        for number, piece in enumerate(pieces(sources)):
            stop_if_cancelled(cancel)
            reading.read(piece)
            progress(number + 1, 0)
        if not reading.files:
            raise AppError("EVIDENCE_NOTHING")
        files = _in_order(reading.files, people) if chosen.by_order else reading.files
        source = "、".join(path.name for path in sources[:3])
        plan = EvidencePlan(class_id, code, source, chosen, tuple(people), tuple(files))
        return self._without_present(plan)

    def preview(self, file: PlannedFile) -> bytes:
        """Return the first page of a planned file as a picture."""
        assert file.taken is not None
        return pictures_of(file.taken.content, file.taken.media_type)[0]

    def apply(
        self, plan: EvidencePlan, *, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> int:
        """Add the files whose person is certain, in one command; return how many. What is open stays out.

        Raises AppError EVIDENCE_NOTHING where nothing is to be added, PICTURE_TOO_SMALL and others for a photo that
        cannot be cut, what writing to the disk raises, CANCELLED; then no record has changed.
        """
        self.context.require("import_evidence")
        ready = self._without_present(plan).ready()
        if not ready:
            raise AppError("EVIDENCE_NOTHING")
        kept = []
        for number, one in enumerate(ready):
            stop_if_cancelled(cancel)
            kept.append(self._keep(plan, one))
            progress(number + 1, len(ready))
        return self._write(kept, plan.source)

    @command("import_evidence")
    def _write(self, work: UnitOfWork, kept: Sequence[KeptFile], source: str) -> int:
        work.reason = source
        for one in kept:
            name_file(work, self.context.new_id(), one)
        return len(kept)

    def _keep(self, plan: EvidencePlan, file: PlannedFile) -> KeptFile:
        taken = _as_kept(file, plan.choices.photo)
        digest = self._evidence.files.put(taken.content)
        return KeptFile(_owner(plan.class_id, file), Paper(file.kind), digest, taken)

    def _without_present(self, plan: EvidencePlan) -> EvidencePlan:
        """Mark the files that their person has already, and the second of two that are the same."""
        seen: set[tuple[Owner, str, bytes]] = set()
        files = []
        with self.context.read() as sql:
            for one in plan.files:
                if one.person is None or one.taken is None or one.problem is not None:
                    files.append(one)
                    continue
                try:
                    kept = _as_kept(one, plan.choices.photo)
                except AppError as error:
                    files.append(replace(one, problem=error))
                    continue
                owner, digest = _owner(plan.class_id, one), digest_of(kept.content)
                same = (owner, one.kind, digest) in seen or has_file(sql, owner, one.kind, digest)
                seen.add((owner, one.kind, digest))
                files.append(replace(one, same=same, kept=kept))
        return replace(plan, files=tuple(files))


def _as_kept(file: PlannedFile, photo: PhotoShape) -> Taken:
    """Return a file as it would be kept: 证件照 are cut, everything else stays as it was taken in."""
    if file.kept is not None:
        return file.kept
    taken = file.taken
    assert taken is not None
    if file.kind != evidence.PHOTO:
        return taken
    return take_in(taken.content, taken.file_name, photo)


def _owner(class_id: bytes, file: PlannedFile) -> Owner:
    assert file.person is not None
    if evidence.kind_owner(file.kind) == "enrolment":
        return Owner("enrolment", class_id + file.person)
    return Owner("trainee", file.person)


def _in_order(files: Sequence[PlannedFile], people: Sequence[Candidate]) -> Iterator[PlannedFile]:
    """Give files that name nobody to the people in roster order; AppError EVIDENCE_ORDER_COUNT."""
    loose = [one for one in files if not one.match.people and one.taken is not None]
    given = {
        one.place: person
        for person, own in evidence_matching.by_roster_order(loose, people).items()
        for one in own
    }
    for one in files:
        person = given.get(one.place)
        yield (one if person is None else replace(one, match=FileMatch((person,), one.match.kind, ORDER)))
