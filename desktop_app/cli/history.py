"""``undo``, ``redo``, ``conflict answer``, ``conflict people``, ``verify`` and ``state-hash``."""

from __future__ import annotations

import json

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun
from desktop_app.cli.reporting import engine
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import from_text
from desktop_app.domain.listings.journal import UndoLabel
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.work_list import DIFFERENT, SAME
from desktop_app.domain.records import ATTACHMENT

_MINE, _THEIRS = "mine", "theirs"


def register(commands: Parsers) -> None:
    """Add the commands of the journal."""
    add_command(commands, "undo", "undo", _undo)
    add_command(commands, "redo", "redo", _redo)
    conflict = add_noun(commands, "conflict")
    people = add_command(conflict, "people", "conflict_people", _people)
    people.add_argument("first", metavar="ID")
    people.add_argument("second", metavar="ID")
    people.add_argument("decision", choices=(SAME, DIFFERENT))
    answer = add_command(conflict, "answer", "conflict_answer", _answer)
    answer.add_argument("id", metavar="ID")
    answer.add_argument("value", metavar="mine|theirs|VALUE")
    add_command(commands, "verify", "verify", _verify)
    digest = add_command(commands, "state-hash", "state_hash", _state_hash)
    which = digest.add_mutually_exclusive_group()
    which.add_argument("--values", action="store_true", help=resources.text("cli.help.values"))
    which.add_argument("--reported", action="store_true", help=resources.text("cli.help.reported"))


def _undo(invocation: Invocation) -> Answer:
    return _taken(invocation.services.history.undo(), "cli.undone")


def _redo(invocation: Invocation) -> Answer:
    return _taken(invocation.services.history.redo(), "cli.redone")


def _taken(label: UndoLabel, key: str) -> Answer:
    name = resources.text(f"command.{label.command}")
    data = {"command": label.command, "label": name, "subject": label.subject}
    return Answer(data, [resources.text(key, label=name, subject=label.subject)])


def _answer(invocation: Invocation) -> Answer:
    given, history = invocation.arguments, invocation.services.history
    found = next((item for item in history.list_conflicts() if item.id == given.id), None)
    if found is None:
        raise AppError("CONFLICT_UNKNOWN")
    value = _chosen(invocation, found)
    history.answer_conflict(found.id, value)
    return Answer({"conflict": found.id, "value": value}, [resources.text("cli.conflict_answered")])


def _people(invocation: Invocation) -> Answer:
    given = invocation.arguments
    first, second = from_text(given.first), from_text(given.second)
    invocation.services.work_list.decide(first, second, given.decision)
    text = resources.text(f"worklist.{given.decision}")
    data = {"first": first, "second": second, "decision": given.decision}
    return Answer(data, [resources.text("cli.people_linked", decision=text)])


def _chosen(invocation: Invocation, conflict: ConflictListItem) -> object:
    """Return the value written on this workstation, on another one, or the one that is typed (JSON, else text)."""
    typed = invocation.arguments.value
    if typed not in {_MINE, _THEIRS}:
        return _typed(typed, conflict)
    own = next((item.name for item in invocation.services.accounts.list_devices() if item.own), "")
    for value, _, device, _ in conflict.values:
        if (device == own) is (typed == _MINE):
            return value
    raise AppError("CONFLICT_VALUE_MISSING", which=typed)


def _typed(text: str, conflict: ConflictListItem) -> object:
    """Read a value that is typed: as text where the present ones are, else as JSON of the same shape."""
    shapes = {type(value) for value, _, _, _ in conflict.values if value is not None}
    if shapes == {str}:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if type(value) not in shapes:
        raise AppError("CONFLICT_VALUE_SHAPE", value=text[:40])
    return value


def _verify(invocation: Invocation) -> Answer:
    result = invocation.services.history.verify()
    problems = [
        {"code": one.code, "entry": one.entry, "entity": one.entity, "key": one.key}
        for one in result.findings
    ]
    problems += [
        {"code": "EVIDENCE_LOST", "entry": "", "entity": ATTACHMENT.name, "key": key.hex()}
        for key in invocation.services.evidence.lost()
    ]
    text = "cli.verify_failed" if problems else "cli.verified"
    lines = [resources.text(text, entries=result.entries, count=len(problems))]
    lines += [" ".join(filter(None, one.values())) for one in problems]
    data = {"ok": not problems, "entries": result.entries, "problems": problems}
    return Answer(data, lines, status=1 if problems else 0)


def _state_hash(invocation: Invocation) -> Answer:
    history = invocation.services.history
    given = invocation.arguments
    digest = (
        engine(invocation).reported_digest() if given.reported else history.state_hash(values=given.values)
    )
    unsent, waiting, parked = history.counts()
    data = {
        "hash": digest.digest,
        "records": dict(digest.records),
        "unsent": unsent,
        "waiting": waiting,
        "parked": parked,
    }
    return Answer(data, [digest.digest])
