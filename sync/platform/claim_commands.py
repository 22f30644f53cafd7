"""``training-platform claim``: the department's acts on claims by command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine

from desktop_app.domain.claims import Decision
from desktop_app.domain.clock import SystemClock
from sync.platform import claims, files
from sync.platform.database import reading, writing

Add = Callable[..., argparse.ArgumentParser]
VERBS = {"approve": Decision.APPROVED, "reduce": Decision.REDUCED, "reject": Decision.REFUSED}


def register(nouns: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """Add ``claim`` with its verbs."""
    verbs = nouns.add_parser("claim").add_subparsers(required=True, metavar="VERB")
    for verb, decision in VERBS.items():
        command = _of_claim(add(verbs, verb, _decide, "platform.claim_decided"))
        command.set_defaults(decision=decision)
        command.add_argument("--reason", default="", metavar="TEXT")
    for verb, run in (("pay", _pay), ("recover", _recover)):
        _of_claim(add(verbs, verb, run, "platform.claim_paid"))
    add(verbs, "evidence", _evidence, "platform.claim_evidence").add_argument("id", metavar="ID")
    command = add(verbs, "register", _register, "platform.claim_registered")
    for option in ("--uscc", "--number", "--trade", "--level"):
        command.add_argument(option, required=True, metavar="TEXT")
    command.add_argument("--document-type", default="resident_id", metavar="CODE")


def _of_claim(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("id", metavar="ID")
    command.add_argument("--fen", type=int, metavar="N")
    command.add_argument("--document", default="", metavar="TEXT")
    command.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    return command


def _decide(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    verdict = claims.Verdict(given.decision, given.fen, given.reason, given.document, given.on)
    with writing(engine) as connection:
        people = claims.decide(connection, SystemClock(), given.id, verdict)
    return {"claim": given.id, "decision": given.decision.value, "people": people}


def _pay(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    with writing(engine) as connection:
        fen = claims.pay(connection, SystemClock(), given.id, given.fen, given.document, given.on)
    return {"claim": given.id, "fen": fen}


def _recover(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    with writing(engine) as connection:
        fen = claims.recover(connection, SystemClock(), given.id, given.fen or 0, given.document, given.on)
    return {"claim": given.id, "fen": -fen}


def _evidence(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    with reading(engine) as connection:
        found = files.standing(connection, given.id[:32])
    listed, arrived = found or (0, 0)
    complete = found is not None and listed == arrived
    return {"claim": given.id, "files": listed, "arrived": arrived, "complete": complete}


def _register(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    with writing(engine) as connection:
        document = (given.document_type, given.number)
        claims.register_training(connection, SystemClock(), given.uscc, document, given.trade, given.level)
    return {"trade": given.trade, "level": given.level}
