"""``training-platform batch``: batch files of places without a network."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from sync.platform.batch_files import import_batch
from sync.platform.serving import platform_clock
from sync.platform.written_files import write_file

Add = Callable[..., argparse.ArgumentParser]


def register(nouns: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """Add ``batch`` with its verb."""
    verbs = nouns.add_parser("batch").add_subparsers(required=True, metavar="VERB")
    command = add(verbs, "import", _import, "platform.batch_imported")
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--receipt", required=True, metavar="FILE", type=Path)
    command.add_argument("--demo", action="store_true")


def _import(engine: Engine, arguments: argparse.Namespace) -> dict[str, Any]:
    taken = import_batch(engine, platform_clock(demo=arguments.demo), arguments.file, demo=arguments.demo)
    write_file(arguments.receipt, taken.reply)
    return {
        "institution": taken.uscc,
        "batch": taken.batch.hex(),
        "records": taken.records,
        "accepted": taken.accepted,
        "rejected": taken.records - taken.accepted,
        "again": taken.again,
        "receipt": str(arguments.receipt),
    }
