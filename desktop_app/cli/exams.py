"""``exam``: 报考, 排考, 缺考, 缓考, 违纪取消 and 补考 of an assessment."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, iso_date
from desktop_app.cli.sessions import clock_time
from desktop_app.domain import ids
from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.errors import AppError
from desktop_app.services.exam_steps import Sitting


def register(commands: Parsers) -> None:
    """Add ``exam``."""
    verbs = add_noun(commands, "exam")
    opened = _sitting(verbs, "open", "exam_open", _open)
    opened.add_argument("--organisation", default="", metavar="NAME")
    schedule = _sitting(verbs, "schedule", "exam_schedule", _schedule)
    schedule.add_argument("--trainee", nargs="+", default=[], metavar="ID")
    resit = _sitting(verbs, "resit", "exam_resit", _resit)
    resit.add_argument("--trainee", nargs="+", default=[], metavar="ID")
    resit.add_argument("--reason", default="", metavar="TEXT")
    _decision(verbs, "miss", "exam_miss", _miss)
    _decision(verbs, "defer", "exam_defer", _defer)
    _decision(verbs, "recall", "exam_recall", _recall)
    _decision(verbs, "disqualify", "exam_disqualify", _disqualify)
    _about(verbs, "files", "exam_files", _files)
    copy = add_command(verbs, "file", "exam_file", _file)
    copy.add_argument("id", metavar="ID")
    copy.add_argument("--out", type=Path, required=True, metavar="FILE")
    copy.add_argument("--purpose", default="", metavar="TEXT")


def _about(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    if name != "open":
        kinds = [kind.value for kind in AssessmentKind]
        parser.add_argument("--kind", choices=kinds, default=AssessmentKind.LEVEL.value)
    return parser


def _sitting(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = _about(verbs, name, help_key, run)
    parser.add_argument("--date", type=iso_date, required=True, metavar="DATE")
    parser.add_argument("--time", type=clock_time, metavar="HH:MM")
    parser.add_argument("--place", default="", metavar="TEXT")
    return parser


def _decision(verbs: Parsers, name: str, help_key: str, run: Run) -> None:
    parser = _about(verbs, name, help_key, run)
    parser.add_argument("--trainee", required=True, metavar="ID")
    parser.add_argument("--date", type=iso_date, metavar="DATE")
    parser.add_argument("--reason", default="", metavar="TEXT")


def _given_sitting(invocation: Invocation) -> Sitting:
    given = invocation.arguments
    return Sitting(given.date, given.time, given.place)


def _newest(invocation: Invocation) -> bytes:
    """Return the newest assessment of the kind, a 补考 included; AppError ASSESSMENT_MISSING."""
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    found = [one for one in services.assessments.list_assessments(class_id) if one.kind == given.kind]
    if not found:
        raise AppError("ASSESSMENT_MISSING")
    return found[-1].id


def _open(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    key = services.exams.open_exam(class_id, _given_sitting(invocation), given.organisation)
    return Answer({"assessment": key}, [resources.text("cli.exam_opened", code=given.class_code)])


def _schedule(invocation: Invocation) -> Answer:
    people = [ids.from_text(one) for one in invocation.arguments.trainee]
    key = _newest(invocation)
    count = invocation.services.exams.schedule(key, _given_sitting(invocation), people)
    return Answer(
        {"assessment": key, "scheduled": count}, [resources.text("cli.exam_scheduled", count=count)]
    )


def _resit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    people = [ids.from_text(one) for one in given.trainee]
    exams = invocation.services.exams
    key = exams.open_resit(_newest(invocation), _given_sitting(invocation), given.reason, people)
    return Answer({"assessment": key}, [resources.text("cli.exam_resit", code=given.class_code)])


def _files(invocation: Invocation) -> Answer:
    found = invocation.services.result_files.of_assessment(_newest(invocation))
    items = [asdict(one) for one in found]
    return Answer({"total": len(items), "items": items}, [one.file_name for one in found])


def _file(invocation: Invocation) -> Answer:
    given = invocation.arguments
    size = invocation.services.result_files.copy(ids.from_text(given.id), given.out, given.purpose)
    line = resources.text("cli.exam_file_copied", file=given.out.name)
    return Answer({"file": str(given.out), "bytes": size}, [line])


def _miss(invocation: Invocation) -> Answer:
    return _decide(invocation, "miss")


def _defer(invocation: Invocation) -> Answer:
    return _decide(invocation, "defer")


def _recall(invocation: Invocation) -> Answer:
    return _decide(invocation, "recall")


def _disqualify(invocation: Invocation) -> Answer:
    return _decide(invocation, "disqualify")


def _decide(invocation: Invocation, verb: str) -> Answer:
    given, services = invocation.arguments, invocation.services
    key, trainee_id = _newest(invocation), ids.from_text(given.trainee)
    on = given.date or services.context.today()
    exams = services.exams
    acts = {
        "miss": exams.record_absence,
        "defer": exams.defer,
        "recall": exams.recall,
        "disqualify": exams.disqualify,
    }
    acts[verb](key, trainee_id, on, given.reason)
    said = resources.text(f"verb.candidate.{verb}")
    return Answer({"assessment": key, "trainee": trainee_id}, [resources.text("cli.exam_decided", verb=said)])
