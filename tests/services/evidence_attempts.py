"""Each command of evidence, tried by whoever asks; there is none yet to open, review, edit or remove."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_import import EvidenceChoices
from tests.factories.offices import Office
from tests.factories.pictures import jpeg

NOBODYS = bytes(16)
Attempt = Callable[[Services, Office], object]


def _add(services: Services, office: Office) -> bytes:
    return services.evidence.add(
        Owner("trainee", office.people[0]), Paper("id_card"), jpeg("范雨"), "身份证.jpg"
    )


def _import(services: Services, office: Office) -> object:
    folder = Path(office.profile.files.folder) / "incoming"
    folder.mkdir(exist_ok=True)
    (folder / "范雨.jpg").write_bytes(jpeg("范雨"))
    plan = services.evidence_imports.plan(office.class_id, [folder], EvidenceChoices("id_card"))
    return services.evidence_imports.apply(plan)


def _mark(services: Services, office: Office) -> object:
    sheet = services.evidence.keep_sheet(office.sessions[0], jpeg("签到"), "签到表.jpg")
    marks = [NewMark(office.people[2], Mark(MarkStatus.PRESENT))]
    return services.attendance.mark_from_sheet(office.sessions[0], marks, sheet)


EVIDENCE: dict[str, Attempt] = {
    "add_evidence": _add,
    "import_evidence": _import,
    "mark_from_sheet": _mark,
    "open_evidence": lambda s, o: s.evidence.open(NOBODYS),
    "review_evidence": lambda s, o: s.evidence.review([NOBODYS], accepted=True),
    "edit_evidence": lambda s, o: s.evidence.edit(NOBODYS, {"number": "A1"}),
    "remove_evidence": lambda s, o: s.evidence.remove(NOBODYS, "传错"),
}


def _review(services: Services, office: Office) -> Callable[[], object]:
    key = _add(services, office)
    return lambda: services.evidence.review([key], accepted=True)


def _edit(services: Services, office: Office) -> Callable[[], object]:
    key = _add(services, office)
    return lambda: services.evidence.edit(key, {"number": "A1"})


def _remove(services: Services, office: Office) -> Callable[[], object]:
    key = _add(services, office)
    return lambda: services.evidence.remove(key, "传错")


ON_PRESENT_EVIDENCE: dict[str, Callable[[Services, Office], Callable[[], object]]] = {
    "review_evidence": _review,
    "edit_evidence": _edit,
    "remove_evidence": _remove,
}
"""What acts on a file that is there: adds one and returns the act."""
