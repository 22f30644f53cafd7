"""A class's statements as plain records, and a batch sealed from them: the model that the platform is tried with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sync.contract import signing
from sync.contract.digest import statement_digest
from sync.contract.framing import frame_hash, wrap
from sync.contract.kinds import NUMBER, RecordKind, ReportKind
from sync.contract.wire import (
    NIL,
    Manifest,
    Page,
    Record,
    ReportHead,
    Section,
    encode,
    in_order,
    put,
)

TODAY = date(2020, 12, 20)
NUMBERS = ("42011119711122861X", "420111196505177742", "42062419831222431X")


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime = datetime(2020, 12, 20, 2, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return (self.moment + timedelta(hours=8)).date()

    def move(self, **step: float) -> None:
        self.moment += timedelta(**step)


def new_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


@dataclass
class SmallClass:
    """Three trainees, two sessions, one assessment: enough for every rule."""

    number: int = 1
    trainees: list[bytes] = field(default_factory=lambda: [new_id(100 + i) for i in range(3)])

    @property
    def id(self) -> bytes:
        return new_id(self.number)

    @property
    def subject(self) -> str:
        return self.id.hex()

    @property
    def sessions(self) -> list[bytes]:
        return [new_id(10_000 * self.number + i) for i in range(2)]

    @property
    def assessment(self) -> bytes:
        return new_id(20_000 * self.number)

    def training_class(self, **changes):
        fields = {
            "code": f"焊工2020-{self.number:02}班",
            "project_code": "HB2020-S-0042",
            "trade": "电工",
            "level": "skill5",
            "start": "2020-11-16",
            "end": "2020-12-02",
            "region": "420111",
            "planned_hours": 60,
            "planned_people": 50,
            "organisation": "湖北楚才职业技能评价中心",
        }
        return put("class", self.id, fields | changes)

    def trainee(self, index: int, **changes):
        number = NUMBERS[index]
        fields = {
            "name": f"学员{index}",
            "document_type": "resident_id",
            "document_number": number,
            "sex": "1" if int(number[16]) % 2 else "2",
            "birth": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
            "ethnicity": "01",
            "education": "60",
            "phone": "18476147690",
        }
        return put("trainee", self.trainees[index], fields | changes)

    def enrolment(self, index: int, **changes):
        fields = {
            "number": index + 1,
            "enrolled_on": "2020-11-02",
            "category": "key_group",
            "key_group": "rural_transfer",
            "periods": [["2020-11-16", None]],
        }
        return put("enrolment", self.id + self.trainees[index], fields | changes)

    def session(self, index: int, **changes):
        fields = {
            "class_id": self.id,
            "number": index + 1,
            "date": f"2020-11-{16 + index}",
            "start": "14:00",
            "end": "17:20",
            "hours": 4,
            "content": "安全用电",
            "place": "实训楼B203",
            "teachers": ["陈志强"],
        }
        return put("session", self.sessions[index], fields | changes)

    def mark(self, session: int, trainee: int, **changes):
        return put("mark", self.sessions[session] + self.trainees[trainee], {"status": "present"} | changes)

    def assessment_record(self, **changes):
        fields = {
            "class_id": self.id,
            "kind": "level",
            "date": "2020-12-05",
            "organisation": "湖北楚才职业技能评价中心",
            "components": [["theory", 1000, 600, 50], ["practice", 1000, 600, 50]],
        }
        return put("assessment", self.assessment, fields | changes)

    def score(self, trainee: int, theory: int = 730, practice: int = 760, **changes):
        passed = theory >= 600 and practice >= 600
        fields = {
            "ticket": f"42011200{trainee:02}",
            "components": {"theory": ["scored", theory], "practice": ["scored", practice]},
            "conclusion": "passed" if passed else "failed",
        }
        return put("score", self.assessment + self.trainees[trainee], fields | changes)

    def certificate(self, trainee: int, **changes):
        fields = {
            "number": f"S{420000000000000000000 + 100 * self.number + trainee}",
            "kind": "level",
            "issuer": "湖北楚才职业技能评价中心",
            "issued_on": "2020-12-18",
        }
        key = self.assessment + self.trainees[trainee] + b"\0\1"
        return put("certificate", key, fields | changes)

    def roster(self):
        people = range(len(self.trainees))
        return [self.training_class(), *map(self.trainee, people), *map(self.enrolment, people)]

    def attendance(self):
        marks = [self.mark(session, trainee) for session in range(2) for trainee in range(3)]
        return [self.session(0), self.session(1), *marks]

    def results(self):
        return [self.assessment_record(), *map(self.score, range(3))]

    def certificates(self):
        return [self.certificate(index) for index in range(3)]

    def completion(self, **changes):
        fields = {
            "completed_on": "2020-12-19",
            "enrolled": 3,
            "completed": 3,
            "not_completed": 0,
            "withdrawn": 0,
            "transferred": 0,
            "passed": 3,
            "certified": 3,
        }
        return put("completion", self.id, fields | changes)

    def finisher(self, index: int, **changes):
        fields = {
            "outcome": "completed",
            "planned_hours": 8,
            "attended_hours": 8,
            "conclusion": "passed",
            "certified": True,
        }
        return put("finisher", self.id + self.trainees[index], fields | changes)

    def finishers(self):
        return [self.completion(), *map(self.finisher, range(3))]

    def opening(self, **changes):
        fields = {
            "code": f"电工2020-{self.number:02}班",
            "project_code": "TP-2020-001",
            "start": "2020-11-16",
            "end": "2020-12-05",
            "planned_hours": 60,
            "planned_people": 3,
            "place": "光谷校区 实训楼B203",
            "head": "周建平",
            "contact": "李敏",
            "phone": "02787654321",
            "teachers": [["陈志强", "full_time", ["dual"]]],
            "organisation": "湖北楚才职业技能评价中心",
            "channel": "skill_action",
        }
        return put("opening", self.id, fields | changes)

    def everything(self):
        return {
            ReportKind.ROSTER: self.roster(),
            ReportKind.ATTENDANCE: self.attendance(),
            ReportKind.ASSESSMENT: self.results(),
            ReportKind.CERTIFICATE: self.certificates(),
        }


def digest_of(records: list[Record]) -> bytes:
    """The digest of a whole statement, by the words of the contract."""
    held = {(NUMBER[one.kind], one.key): one.body for one in records if one.body != NIL}
    return statement_digest((number, key, body) for (number, key), body in sorted(held.items()))


@dataclass
class Batch:
    """A sealed batch."""

    id: bytes
    manifest: Manifest
    envelope: bytes
    pages: list[bytes]


@dataclass
class Sealer:
    """Seals batches as a client would, without its store."""

    uscc: str
    device: bytes
    private_key: bytes
    demo: bool = False

    def seal(
        self,
        changes: dict[tuple[ReportKind, str], list[Record]],
        *,
        version: int = 1,
        bases: dict[tuple[ReportKind, str], bytes] | None = None,
        reason: str | None = None,
        page_records: int = 1000,
        **overrides,
    ) -> Batch:
        heads: list[ReportHead] = []
        placed: list[tuple[int, Record]] = []
        for index, ((kind, subject), records) in enumerate(changes.items()):
            heads.append(
                ReportHead(
                    kind=kind,
                    subject=subject,
                    version=version,
                    digest=digest_of(records),
                    records=len(records),
                    changes=len(records),
                    base=(bases or {}).get((kind, subject), b""),
                    reason=reason,
                )
            )
            placed.extend((index, record) for record in in_order(records))
        pages = [
            _page(number, placed[start : start + page_records])
            for number, start in enumerate(range(0, len(placed), page_records))
        ]
        batch_id = overrides.pop("batch", secrets.token_bytes(16))
        facts = {
            "batch": batch_id,
            "uscc": self.uscc,
            "device": self.device,
            "sealed_at": datetime(2020, 12, 20, 1, tzinfo=UTC),
            "reports": heads,
            "heads": [b"h" * 32],
            "pages": [frame_hash(page) for page in pages],
            "counts": {kind: sum(r.kind == kind for _, r in placed) for kind in {r.kind for _, r in placed}},
            "demo": self.demo,
        }
        manifest = Manifest(**(facts | overrides))
        envelope = signing.enclose(self.private_key, signing.Purpose.MANIFEST, encode(manifest))
        return Batch(batch_id, manifest, envelope, pages)


def _page(number: int, placed: list[tuple[int, Record]]) -> bytes:
    sections: list[Section] = []
    for index, record in placed:
        if not sections or sections[-1].report != index:
            sections.append(Section(index, []))
        sections[-1].records.append(record)
    return wrap(encode(Page(number, sections)))


def of_class(small: SmallClass, *kinds: ReportKind) -> dict[tuple[ReportKind, str], list[Record]]:
    """The class's statements as changes of a first version."""
    held = small.everything()
    return {(kind, small.subject): held[kind] for kind in kinds or held}


class MemoryStatements:
    """``AcceptedStatements`` over a dictionary: the same contract as the platform's."""

    def __init__(self) -> None:
        self.held: dict[tuple[ReportKind, str], dict[tuple[str, bytes], bytes]] = {}

    def put(self, kind: ReportKind, subject: str, records: list[Record]) -> None:
        table = self.held.setdefault((kind, subject), {})
        for record in records:
            if record.body == NIL:
                table.pop((record.kind, record.key), None)
            else:
                table[record.kind, record.key] = record.body

    def records(self, report, subject, kinds):
        for (kind, key), body in self.held.get((report, subject), {}).items():
            if kind in kinds:
                yield RecordKind(kind), key, body

    def bodies(self, report, subject, keys):
        table = self.held.get((report, subject), {})
        return {key: table[kind, key] for kind, key in keys if (kind, key) in table}
