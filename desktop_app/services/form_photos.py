"""Copies the photos of people beside a form, under the names that the form gives them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import PHOTO
from desktop_app.domain.foreign_forms import Facts, FormRules
from desktop_app.services.evidence import EvidenceService
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries.evidence import class_evidence

_BARRED = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def write_photos(
    evidence: EvidenceService,
    rules: FormRules,
    classes: Sequence[tuple[bytes, Facts, Sequence[tuple[bytes, Facts]]]],
    target: Path,
) -> int:
    """Copy the newest photo of everybody who has one, where the form names photos; return how many.

    Raises AppError FILE_NOT_WRITABLE, EVIDENCE_LOST.
    """
    named = next((rule for rule in rules.columns.values() if rule.field == "photo"), None)
    if named is None:
        return 0
    folder = target.with_name(resources.text("forms.photo_folder", name=target.stem))
    count = 0
    for class_id, _facts, people in classes:
        with evidence.context.read() as sql:
            photos = {one.owner_key[-16:]: one for one in class_evidence(sql, class_id) if one.kind == PHOTO}
        for trainee_id, facts in people:
            photo = photos.get(trainee_id)
            if photo is not None:
                name = str(named.value(facts) or "").translate(_BARRED)
                try:
                    folder.mkdir(exist_ok=True)
                    write_atomically(folder / name, evidence.files.get(photo.digest))
                except OSError as error:
                    raise AppError("FILE_NOT_WRITABLE", file=name) from error
                count += 1
    return count
