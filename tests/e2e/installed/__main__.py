"""``python -m tests.e2e.installed FOLDER``: prints a table, exits 1 where the built program is not as it must be."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.installed.contents import files_in, look
from tests.e2e.installed.paces import Paces, median_and_least
from tests.e2e.installed.program import Failed, Place, Platform, Program

MIB = 1024 * 1024


def main(arguments: list[str] | None = None) -> int:
    """Copy the folder away from where it was built, take it through its paces, and print what came out."""
    parser = argparse.ArgumentParser(prog="tests.e2e.installed", description=__doc__)
    parser.add_argument("folder", type=Path)
    built = parser.parse_args(arguments).folder.resolve()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="training-installed-") as name:
        folder = Path(name)
        place = Place(folder)
        program = Program(built, folder, place)
        paces = Paces(program, place, Platform(folder, place.environment()), folder)
        try:
            with ThreadPoolExecutor(1) as beside:
                looked = beside.submit(look, program)
                paces.go()
                looked.result()
        except Failed as error:
            print("\n".join(f"ok      {step}" for step in paces.seconds))
            print(f"FAILED  {error}", file=sys.stderr)
            return 1
        print(table(program, paces))
    print(f"the built program holds ({time.perf_counter() - started:.0f} s)")
    return 0


def table(program: Program, paces: Paces) -> str:
    """Return size, start time and the seconds of each step as a table."""
    files = files_in(program.folder)
    parts: Counter[str] = Counter()
    for name, size in files.items():
        parts[part_of(name)] += size
    median, least = median_and_least(paces.starts())
    lines = [("size", f"{sum(files.values()) / MIB:.0f} MiB in {len(files)} files")]
    lines += [(f"  {name}", f"{size / MIB:.1f} MiB") for name, size in parts.most_common(6)]
    lines += [("start (--version)", f"median {median * 1000:.0f} ms, least {least * 1000:.0f} ms of 5")]
    lines += [(step, f"{seconds:.1f} s") for step, seconds in paces.seconds.items()]
    return "\n".join(f"{name:28}{value}" for name, value in lines)


def part_of(name: str) -> str:
    """Return the part of the package that a file belongs to: a folder of the innards, else the file."""
    parts = name.split("/")
    return "/".join(parts[1:2]) if parts[0] == "_internal" and len(parts) > 2 else "the rest of it"


if __name__ == "__main__":
    sys.exit(main())
