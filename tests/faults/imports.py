"""Damage workbooks byte by byte and fill them with odd values: no crash, and no half import.

``python -m tests.faults.imports [--examples 50000]`` prints what came of the files by format; exit status 1 where one
ended otherwise than by a table or a refusal with a sentence, or where too few of either were seen.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import openpyxl

import resources
from desktop_app.domain.errors import AppError
from desktop_app.excel.attendance import read_attendance
from desktop_app.excel.certificates import read_certificates
from desktop_app.excel.employment import read_employment
from desktop_app.excel.error_workbook import write_error_workbook
from desktop_app.excel.roster import read_roster
from desktop_app.excel.scores import read_scores
from desktop_app.excel.sheet_reading import SheetReading
from desktop_app.excel.timetable import read_timetable
from tests.excel.sheets import FOREIGN, HEADS, PEOPLE, csv_rows

READERS: tuple[Callable[[Path], object], ...] = (
    read_roster,
    read_timetable,
    lambda path: read_attendance(path, ()),
    read_scores,
    read_certificates,
    read_employment,
)
ODD_BYTES = (b"\x00", b"\xff", b"<", b">", b'"', b"&", b"\n", b"0", b"9" * 12, b"-1", b"A" * 40)
MARKED_EVERY = 5  # files are written back; not a multiple of the number of formats
LEAST_SHARE = 0.03  # of files read, and of files refused: else the mutations say nothing


def seeds(folder: Path) -> dict[str, bytes]:
    """Return whole files of every format by name."""
    rows = (HEADS, *PEOPLE)
    text = csv_rows(rows)
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.worksheets[0].merge_cells("D2:D3")
    book.save(folder / "seed.xlsx")
    html = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return {
        "xlsx": (folder / "seed.xlsx").read_bytes(),
        "xls": (FOREIGN / "roster.xls").read_bytes(),
        "ods": (FOREIGN / "roster.ods").read_bytes(),
        "csv": text.encode("utf-8-sig"),
        "gb18030": text.encode("gb18030"),
        "utf-16": text.encode("utf-16"),
        "html": html.encode(),
    }


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Change some bytes; within a package mostly those of one unpacked part, so that its checksum does not tell."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        return _damaged_part(data, chance)
    return _damaged_bytes(data, chance)


def _damaged_part(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hit = chance.choice(names)
        for name in names:
            part = old.read(name)
            new.writestr(name, _damaged_bytes(part, chance) if name == hit and part else part)
    return out.getvalue()


def _damaged_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = chance.randrange(len(changed) or 1)
        act = chance.randrange(5)
        if act == 0:
            changed[place : place + 1] = bytes([chance.randrange(256)])
        elif act == 1:
            changed[place:place] = chance.choice(ODD_BYTES)
        elif act == 2:
            del changed[place : place + chance.choice((1, 4, 200))]
        elif act == 3:
            changed[place:place] = changed[place : place + chance.randrange(1, 400)]
        elif chance.random() < 0.2:
            del changed[place:]
    return bytes(changed)


def outcome(path: Path, reader: Callable[[Path], object], *, marks: bool) -> str:
    """Read a file, and write it back with its problems where ``marks``; return "read" or the code of its refusal.

    A refusal must have a sentence. Anything else is a fault.
    """
    try:
        sheet = reader(path)
        if marks and isinstance(sheet, SheetReading):
            write_error_workbook(path, path.with_name("marked.xlsx"), sheet.problems)
    except AppError as error:
        resources.text(f"error.{error.code}", **error.params)
        resources.text(f"hint.{error.code}", **error.params)
        return error.code
    return "read"


def run_examples(count: int, seed: int) -> Counter[tuple[str, str]]:
    """Read ``count`` damaged files; return how many of each format came to what, a crash by its type."""
    tally: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = seeds(folder)
        for number, (form, data, reader) in enumerate(_draws(whole, count, seed)):
            path = folder / "damaged.xls"
            path.write_bytes(data)
            try:
                came = outcome(path, reader, marks=number % MARKED_EVERY == 0)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                came = f"CRASH {type(error).__name__}: {error}"[:80]
                print(f"seed {seed}, example {number}, {form}: {came}", file=sys.stderr)
            tally[form, came] += 1
    return tally


def _draws(
    whole: dict[str, bytes], count: int, seed: int
) -> Iterator[tuple[str, bytes, Callable[[Path], object]]]:
    chance = random.Random(seed)
    forms = list(whole)
    for number in range(count):
        form = forms[number % len(forms)]
        reader = READERS[0] if chance.random() < 0.7 else chance.choice(READERS)
        yield form, damaged(whole[form], chance), reader


def faults_in(tally: Counter[tuple[str, str]]) -> list[str]:
    """Return what is wrong with a tally: crashes, and a format of which too few were read or refused."""
    found = [f"{form}: {came} ({times})" for (form, came), times in tally.items() if came.startswith("CRASH")]
    for form in sorted({form for form, _ in tally}):
        total = sum(times for (one, _), times in tally.items() if one == form)
        if tally[form, "read"] < LEAST_SHARE * total:
            found.append(f"{form}: too few read")
        if total - tally[form, "read"] < LEAST_SHARE * total:
            found.append(f"{form}: too few refused")
    return found


def _shard(arguments: tuple[int, int]) -> Counter[tuple[str, str]]:
    return run_examples(*arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the examples on all processors; return 1 where one crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.imports")
    parser.add_argument("--examples", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args(arguments)
    workers = os.cpu_count() or 1
    tally: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        shares = [(-(-options.examples // workers), options.seed + number) for number in range(workers)]
        for part in pool.map(_shard, shares):
            tally.update(part)
    for (form, came), times in sorted(tally.items()):
        print(f"{form:8} {came:40} {times:7}")
    found = faults_in(tally)
    print(f"{tally.total()} files, faults: {'; '.join(found) or 'none'}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
