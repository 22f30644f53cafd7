"""One step of an Anki client in a process of its own, in Anki's environment: prints what it took as a line of JSON.

``add FILE N SEED`` · ``change FILE N TEXT`` · ``sync FILE URL`` · ``upload FILE URL`` · ``download FILE URL``
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from anki.collection import AddNoteRequest, Collection

NAME = PASSWORD = "peer"


def _rows(count: int, seed: int) -> list[tuple[str, str]]:
    """Return notes of the shape of marks: an id, and person, class, day, status, instant, device, version."""
    drawn = random.Random(seed)
    people = [str(uuid.UUID(int=drawn.getrandbits(128), version=4)) for _ in range(400)]
    device = str(uuid.UUID(int=drawn.getrandbits(128), version=4))
    found = []
    for n in range(count):
        key = str(uuid.UUID(int=drawn.getrandbits(128), version=4))
        day, moment = 1 + n // 400 % 28, f"2025-03-{1 + n % 28:02d}T{n % 24:02d}:{n % 60:02d}:00Z"
        whose = f"{people[n % 400]}|CLS-2025-{n // 33 % 12:03d}|2025-03-{day:02d}|present"
        found.append((key, f"{whose}|{moment}|{device}|1"))
    return found


def _add(collection: Any, count: str, seed: str) -> None:
    kind = collection.models.by_name("Basic")
    asked = []
    for front, back in _rows(int(count), int(seed)):
        note = collection.new_note(kind)
        note["Front"], note["Back"] = front, back
        asked.append(AddNoteRequest(note=note, deck_id=1))
    collection.add_notes(asked)


def _change(collection: Any, count: str, text: str) -> None:
    notes = [collection.get_note(one) for one in collection.find_notes("")[: int(count)]]
    for note in notes:
        note["Back"] += text
    collection.update_notes(notes)


def _sync(collection: Any, url: str) -> float:
    auth = collection.sync_login(NAME, PASSWORD, url)
    started = time.perf_counter()
    answer = collection.sync_collection(auth, sync_media=False)
    taken = time.perf_counter() - started
    if int(answer.required):
        sys.exit("the server wants a full synchronisation")
    return taken


def _whole(collection: Any, url: str, *, upload: bool) -> None:
    auth = collection.sync_login(NAME, PASSWORD, url)
    collection.sync_collection(auth, sync_media=False)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)


def main(step: str, file: str, *given: str) -> None:
    """Do one step."""
    collection = Collection(file)
    steps: dict[str, Callable[..., float | None]] = {
        "add": _add,
        "change": _change,
        "sync": _sync,
        "upload": lambda one, url: _whole(one, url, upload=True),
        "download": lambda one, url: _whole(one, url, upload=False),
    }
    taken = steps[step](collection, *given)
    if step not in {"upload", "download"}:
        notes = collection.note_count()
        collection.close()
        print(json.dumps({"seconds": taken, "notes": notes}))
    else:
        print(json.dumps({"seconds": taken, "notes": None}))


if __name__ == "__main__":
    main(*sys.argv[1:])
