"""``training-platform``: serve the reference platform, and the department's acts by command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import Engine

import resources
from desktop_app.domain.clock import SystemClock
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import from_text
from desktop_app.domain.projects import DEPARTMENTS, Level, Selection, Track
from desktop_app.domain.projects import Answer as ProjectAnswer
from desktop_app.domain.supervision import Event, EventKind
from sync.contract.field_types import CertificateKind, InstitutionKind
from sync.contract.texts import hint, sentence
from sync.platform import (
    batch_commands,
    certificates,
    claim_commands,
    institutions,
    policies,
    projects,
    proof_commands,
)
from sync.platform.database import DEFAULT_URL, open_database, reading, writing
from sync.platform.limits import DEVICES
from sync.platform.seeding import seed
from sync.platform.serving import Service, serve
from sync.platform.statements import count_records, reported_reports
from sync.platform.supervision import supervise

DEFAULT_PORT = 8700
Answer = dict[str, Any]
PROJECT_VERBS = {
    "approve": ProjectAnswer.PASSED,
    "return": ProjectAnswer.RETURN,
    "refuse": ProjectAnswer.REFUSE,
    "forward": ProjectAnswer.FORWARD,
}
Command = Callable[[Engine, argparse.Namespace], Answer]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 refused, 2 wrong usage (from argparse)."""
    arguments = _parser().parse_args(argv)
    try:
        answer = _run(arguments)
    except AppError as error:
        _print_error(error, as_json=arguments.json)
        return 1
    if answer:
        _print(arguments.sentence, answer, as_json=arguments.json)
    return 0


def _run(arguments: argparse.Namespace) -> Answer:
    """Run a command, on the database unless it needs none (``verify-claim``: whoever checks has no platform)."""
    if arguments.without_database:
        return dict(arguments.command(arguments))
    engine = open_database(arguments.db)
    try:
        return dict(arguments.command(engine, arguments))
    finally:
        engine.dispose()


def _print(key: str, answer: Answer, *, as_json: bool) -> None:
    sys.stdout.write(
        (json.dumps(answer, ensure_ascii=False) if as_json else resources.text(key, **answer)) + "\n"
    )
    sys.stdout.flush()


def _print_error(error: AppError, *, as_json: bool) -> None:
    told = {
        "code": error.code,
        "message": sentence(error.code, error.params),
        "hint": hint(error.code, error.params),
    }
    if as_json:
        sys.stdout.write(json.dumps({"error": told}, ensure_ascii=False) + "\n")
    else:
        lines = [told["message"], told["hint"]]
        sys.stderr.write("\n".join(str(line) for line in lines if line) + "\n")


def _serve(engine: Engine, arguments: argparse.Namespace) -> Answer:
    def ready(host: str, port: int) -> None:
        answer = {"url": f"http://{host}:{port}", "host": host, "port": port, "demo": arguments.demo}
        _print("platform.serving", answer, as_json=arguments.json)

    engine.dispose()  # each worker opens its own
    service = Service(
        arguments.db,
        arguments.host,
        arguments.port,
        arguments.demo,
        arguments.workers,
        arguments.rate,
        arguments.relay_only,
    )
    serve(service, ready)
    return {}


def _seed(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        return dict(seed(connection, SystemClock(), Path(arguments.file)))


def _add_institution(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        institutions.add_institution(
            connection,
            SystemClock(),
            name=arguments.name,
            uscc=arguments.uscc,
            region_code=arguments.region,
            kind=arguments.kind,
        )
    return {"institution": arguments.uscc}


def _device_code(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        return {"code": institutions.new_device_code(connection, SystemClock(), arguments.uscc)}


def _device_revoke(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        institutions.revoke_device(connection, SystemClock(), from_text(arguments.id))
    return {"device": arguments.id}


def _certificate_add(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        certificates.add_number(connection, SystemClock(), arguments.number, arguments.uscc, arguments.kind)
    return {"number": arguments.number}


def _policy_publish(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        return dict(policies.publish_file(connection, SystemClock(), Path(arguments.file)))


def _project_answer(engine: Engine, arguments: argparse.Namespace) -> Answer:
    opinion = projects.Opinion(
        arguments.answer,
        None if arguments.level is None else Level[arguments.level.upper()],
        None if arguments.track is None else Track(arguments.track),
        arguments.reason,
        arguments.document,
        arguments.on,
    )
    with writing(engine) as connection:
        step = projects.answer_project(connection, SystemClock(), arguments.id, opinion)
    told = {"level": step.level.name.lower(), "track": step.track.value, "answer": step.answer.value}
    return {"project": arguments.id, **told, "area": step.area}


def _project_publish(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with writing(engine) as connection:
        area = projects.publish_project(connection, SystemClock(), arguments.id, arguments.on)
    return {"project": arguments.id, "area": area}


def _project_select(engine: Engine, arguments: argparse.Namespace) -> Answer:
    clock = SystemClock()
    chosen = Selection(
        arguments.department, arguments.document, arguments.fund, arguments.on or clock.today()
    )
    with writing(engine) as connection:
        projects.select_project(connection, clock, arguments.id, chosen)
    return {"project": arguments.id, "department": arguments.department}


def _supervise(engine: Engine, arguments: argparse.Namespace) -> Answer:
    clock = SystemClock()
    event = Event(
        b"",
        arguments.kind,
        arguments.department,
        arguments.document,
        arguments.on or clock.today(),
        arguments.requirement,
        arguments.deadline,
        arguments.year,
        arguments.classes,
        arguments.people,
        None if arguments.order is None else from_text(arguments.order),
        None if arguments.flag is None else from_text(arguments.flag),
    )
    with writing(engine) as connection:
        return {"event": supervise(connection, clock, arguments.uscc, event).hex()}


def _state_hash(engine: Engine, arguments: argparse.Namespace) -> Answer:
    with reading(engine) as connection:
        owner = institutions.institution_by_uscc(connection, arguments.uscc).id
        state = reported_reports(connection, owner, b"\0" * 16)
        records = count_records(connection, owner)
    return {"hash": state.digest.hex(), "records": records, "reports": len(state.reports)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="training-platform", description=resources.text("platform.about"))
    parser.add_argument("--db", default=DEFAULT_URL, metavar="URL")
    parser.add_argument("--json", action="store_true")
    nouns = parser.add_subparsers(required=True, metavar="COMMAND")

    command = _add(nouns, "serve", _serve)
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=DEFAULT_PORT)
    command.add_argument("--workers", type=_positive, default=1, metavar="N")
    command.add_argument("--rate", type=_positive, default=int(DEVICES.per_second), metavar="N")
    command.add_argument("--relay-only", action="store_true")
    command.add_argument("--demo", action="store_true")
    command = _add(nouns, "seed", _seed, "platform.seeded")
    command.add_argument("file", metavar="FILE")

    verbs = nouns.add_parser("institution").add_subparsers(required=True, metavar="VERB")
    command = _add(verbs, "add", _add_institution, "platform.institution_added")
    for option in ("--name", "--uscc", "--region"):
        command.add_argument(option, required=True)
    command.add_argument("--kind", required=True, choices=get_args(InstitutionKind))

    verbs = nouns.add_parser("device").add_subparsers(required=True, metavar="VERB")
    _add(verbs, "code", _device_code, "platform.device_code").add_argument("--uscc", required=True)
    _add(verbs, "revoke", _device_revoke, "platform.device_revoked").add_argument("id", metavar="ID")

    verbs = nouns.add_parser("certificate").add_subparsers(required=True, metavar="VERB")
    command = _add(verbs, "add", _certificate_add, "platform.certificate_added")
    command.add_argument("number", metavar="NUMBER")
    command.add_argument("--uscc", required=True)
    command.add_argument("--kind", default="level", choices=get_args(CertificateKind))

    _add_projects(nouns)
    _add_supervision(nouns)
    claim_commands.register(nouns, _add)
    proof_commands.register(nouns, _add)
    batch_commands.register(nouns, _add)

    for noun, verb in (("policy", "publish"), ("pilot", "import")):
        verbs = nouns.add_parser(noun).add_subparsers(required=True, metavar="VERB")
        command = _add(verbs, verb, _policy_publish, "platform.policy_published")
        command.add_argument("file", metavar="FILE")

    _add(nouns, "state-hash", _state_hash, "platform.state_hash").add_argument("--uscc", required=True)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _add_projects(nouns: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = nouns.add_parser("project").add_subparsers(required=True, metavar="VERB")
    for verb, answer in PROJECT_VERBS.items():
        command = _add(verbs, verb, _project_answer, "platform.project_answered")
        command.set_defaults(answer=answer)
        command.add_argument("id", metavar="ID")
        command.add_argument("--level", choices=[level.name.lower() for level in Level])
        command.add_argument("--track", choices=[track.value for track in Track])
        command.add_argument("--reason", default="", metavar="TEXT")
        command.add_argument("--document", default="", metavar="TEXT")
    command = _add(verbs, "publish", _project_publish, "platform.project_published")
    command.add_argument("id", metavar="ID")
    command = _add(verbs, "select", _project_select, "platform.project_selected")
    command.add_argument("id", metavar="ID")
    command.add_argument("--department", required=True, choices=DEPARTMENTS)
    for option in ("--document", "--fund"):
        command.add_argument(option, required=True, metavar="TEXT")
    for command in verbs.choices.values():
        command.add_argument("--on", type=date.fromisoformat, metavar="DATE")


def _add_supervision(nouns: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = nouns.add_parser("supervise").add_subparsers(required=True, metavar="VERB")
    for kind in EventKind:
        command = _add(verbs, kind.value.replace("_", "-"), _supervise, "platform.supervised")
        command.set_defaults(kind=kind)
        for option in ("--uscc", "--department", "--document"):
            command.add_argument(option, required=True, metavar="TEXT")
        command.add_argument("--requirement", default="", metavar="TEXT")
        for option in ("--on", "--deadline"):
            command.add_argument(option, type=date.fromisoformat, metavar="DATE")
        for option in ("--year", "--classes", "--people"):
            command.add_argument(option, type=int, metavar="N")
        for option in ("--order", "--flag"):
            command.add_argument(option, metavar="ID")


def _add(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Command,
    sentence_key: str = "",
) -> argparse.ArgumentParser:
    parser = parsers.add_parser(name)
    parser.set_defaults(command=command, sentence=sentence_key, without_database=False)
    return parser


if __name__ == "__main__":
    sys.exit(main())
