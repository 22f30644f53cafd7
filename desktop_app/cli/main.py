"""Runs one call of the command line and returns its exit status: 0 done, 1 a known error, 2 wrong usage."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import resources
from desktop_app.cli import (
    backup,
    certificates,
    claims,
    classes,
    devices,
    employment,
    enrolment,
    evidence,
    exams,
    exports,
    forms,
    graduates,
    help_json,
    history,
    imports,
    inspections,
    listing,
    marks,
    papers,
    performance,
    policies,
    projects,
    reporting,
    retention,
    scores,
    screenshots,
    sessions,
    setup,
    sharing,
    stamped,
    statistics,
    supervision,
    teachers,
    trainees,
    users,
)
from desktop_app.cli.invocation import Invocation, Opener
from desktop_app.cli.output import print_answer, print_error, with_advice, with_causes
from desktop_app.cli.parser import Register, UsageError, build
from desktop_app.config import default_profile_folder
from desktop_app.domain.errors import AppError
from desktop_app.version import describe as describe_version

FAMILIES: tuple[Register, ...] = (
    setup.register,
    users.register,
    devices.register,
    sharing.register,
    projects.register,
    teachers.register,
    classes.register,
    imports.register,
    forms.register,
    trainees.register,
    enrolment.register,
    marks.register,
    sessions.register,
    inspections.register,
    evidence.register,
    scores.register,
    exams.register,
    certificates.register,
    graduates.register,
    employment.register,
    claims.register,
    supervision.register,
    performance.register,
    statistics.register,
    retention.register,
    listing.register,
    exports.register,
    history.register,
    papers.register,
    stamped.register,
    policies.register,
    backup.register,
    reporting.register,
    screenshots.register,
    help_json.register,
)


def run(argv: Sequence[str], opener: Opener) -> int:
    """Run the command that the arguments name; without one, open the window."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    as_json = "--json" in argv
    try:
        arguments = build(FAMILIES).parse_args([word for word in argv if word != "--json"])
    except UsageError as error:
        told = {"code": "USAGE", "message": str(error), "hint": resources.text("cli.usage_hint")}
        print_error(told, as_json=as_json)
        return 2
    if arguments.version:
        print(describe_version())
        return 0
    if arguments.run is None:
        return opener.open_window(Path(arguments.profile) if arguments.profile else default_profile_folder())
    return _run(Invocation(arguments, opener), as_json=as_json)


def _run(invocation: Invocation, *, as_json: bool) -> int:
    try:
        answer = invocation.arguments.run(invocation)
        invocation.close()
    except AppError as error:
        print_error(with_causes(error), as_json=as_json)
        return 1
    except Exception as error:  # noqa: BLE001 - the third door: a bug is told without the data it met
        told = {
            "code": "BUG",
            "message": resources.text("error.BUG", kind=type(error).__name__),
            "hint": resources.text("hint.BUG"),
        }
        print_error(told, as_json=as_json)
        print("".join(traceback.format_tb(error.__traceback__)), file=sys.stderr)
        return 1
    finally:
        invocation.close()
    try:
        print_answer(with_advice(answer, invocation.advice), as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along has seen enough; what Python flushes at the end goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(answer.status)
