"""``policy`` and ``pilot``: what governs, its history, setting, withdrawing and importing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import describe, table
from desktop_app.cli.parser import Parser, Parsers, add_command, add_noun, iso_date
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.policies import PilotImport, PolicyImport
from desktop_app.domain.policy_changes import PolicyEffect
from desktop_app.domain.policy_definitions import definition, plain_text, read_value
from desktop_app.domain.policy_parameters import Owner, PolicyParameter

COLUMNS = (
    "code",
    "name",
    "value",
    "unit",
    "document",
    "region",
    "channel",
    "from",
    "until",
    "owner",
    "state",
)
HISTORY_COLUMNS = (
    "value",
    "document",
    "region",
    "channel",
    "from",
    "until",
    "owner",
    "state",
    "by",
    "at",
    "reason",
)
PILOT_COLUMNS = ("school", "certificate", "level", "batch", "published_on", "document", "owner")


def register(commands: Parsers) -> None:
    """Add ``policy`` and ``pilot``."""
    policy = add_noun(commands, "policy")
    listed = add_command(policy, "list", "policy_list", _list)
    listed.add_argument("--on", type=iso_date, metavar="DATE")
    add_command(policy, "history", "policy_history", _history).add_argument("code", metavar="CODE")
    setting = add_command(policy, "set", "policy_set", _set)
    setting.add_argument("code", metavar="CODE")
    setting.add_argument("value", metavar="VALUE")
    setting.add_argument("--document", metavar="TEXT")
    setting.add_argument("--until", type=iso_date, metavar="DATE")
    _add_place(setting)
    setting.add_argument("--reason", default="", metavar="TEXT")
    withdrawing = add_command(policy, "withdraw", "policy_withdraw", _withdraw)
    withdrawing.add_argument("code", metavar="CODE")
    _add_place(withdrawing)
    withdrawing.add_argument("--reason", required=True, metavar="TEXT")
    carrying = add_command(policy, "carry", "policy_carry", _carry)
    carrying.add_argument("--year", type=int, required=True, metavar="YEAR")
    _add_file(add_command(policy, "import", "policy_import", _import))
    pilot = add_noun(commands, "pilot")
    add_command(pilot, "list", "pilot_list", _pilots)
    _add_file(add_command(pilot, "import", "pilot_import", _import_pilots))


def _carry(invocation: Invocation) -> Answer:
    year = invocation.arguments.year
    count = invocation.services.policies.carry(year)
    return Answer({"carried": count}, [resources.text("cli.policy_carried", count=count, year=year)])


def _add_place(parser: Parser) -> None:
    parser.add_argument("--from", dest="since", type=iso_date, metavar="DATE", required=True)
    parser.add_argument("--region", metavar="CODE")
    parser.add_argument("--channel", metavar="CODE")
    parser.add_argument("--dry-run", action="store_true", help=resources.text("cli.help.dry_run"))


def _add_file(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help=resources.text("cli.help.dry_run"))


def _list(invocation: Invocation) -> Answer:
    service = invocation.services.policies
    items = [
        _value(one.parameter, one.text) | {"area": one.area, "state": one.state.value, "later": one.later}
        for one in service.list_values(invocation.arguments.on)
    ]
    years = service.unknown_holiday_years(invocation.arguments.on)
    warnings = [describe(AppError("HOLIDAYS_UNKNOWN", year=year)) for year in years]
    lines = table(items, COLUMNS) + [f"{one['message']} {one['hint']}" for one in warnings]
    return Answer({"total": len(items), "items": items, "warnings": warnings}, lines)


def _history(invocation: Invocation) -> Answer:
    code = invocation.arguments.code
    items = [
        _value(one.parameter, one.text)
        | {"state": one.state.value, "by": one.user, "at": one.at, "reason": one.reason}
        for one in invocation.services.policies.history(code)
    ]
    return Answer({"total": len(items), "items": items}, table(items, HISTORY_COLUMNS))


def _value(value: PolicyParameter, text: str) -> dict[str, Any]:
    return {
        "code": value.code,
        "name": value.name,
        "value": value.value,
        "text": text,
        "unit": value.unit,
        "document": value.document,
        "region": value.region,
        "channel": value.channel,
        "from": value.since,
        "until": value.until,
        "owner": value.owner.name.lower(),
        "binds": value.blocks,
    }


def _set(invocation: Invocation) -> Answer:
    given = invocation.arguments
    value = PolicyParameter(
        code=given.code,
        value=read_value(definition(given.code), given.value),
        document=given.document,
        region=given.region,
        channel=given.channel,
        since=given.since,
        until=given.until,
        owner=Owner.INSTITUTION,
    )
    service = invocation.services.policies
    if given.dry_run:
        return _told(given.code, service.effect(value))
    return _told(given.code, service.set_value(value, given.reason))


def _withdraw(invocation: Invocation) -> Answer:
    given = invocation.arguments
    place = PolicyParameter(
        given.code,
        None,
        region=given.region,
        channel=given.channel,
        since=given.since,
        owner=Owner.INSTITUTION,
    )
    service = invocation.services.policies
    if given.dry_run:
        return _told(given.code, service.withdrawal_effect(place))
    return _told(given.code, service.withdraw(place, given.reason))


def _told(code: str, effect: PolicyEffect) -> Answer:
    defined = definition(code)
    before, after = (
        None if one is None else plain_text(defined, one.value) for one in (effect.before, effect.after)
    )
    data = {"parameter": code, "effect": effect.effect.value, "before": before, "after": after}
    said = resources.text(
        f"policy.effect.{effect.effect.value}",
        parameter=defined.name,
        before=before or "—",
        after=after or "—",
    )
    return Answer(data | {"message": said}, [said])


def _import(invocation: Invocation) -> Answer:
    given, service = invocation.arguments, invocation.services.policies
    outline = service.look_at_file(given.file) if given.dry_run else service.take_file(given.file)
    return _outline(outline)


def _outline(outline: PolicyImport) -> Answer:
    changes = [
        {
            "code": one.parameter.code,
            "name": one.parameter.name,
            "from": one.parameter.since,
            "before": one.before,
            "after": one.after,
            "effect": one.effect.value,
            "message": resources.text(
                f"policy.effect.{one.effect.value}",
                parameter=one.parameter.name,
                before=one.before or "—",
                after=one.after,
            ),
        }
        for one in outline.changes
    ]
    problems = [describe(error) | {"part": part, "row": row} for part, row, error in outline.problems]
    data = {
        "changes": changes,
        "new": len(changes),
        "same": outline.same,
        "pilots": outline.pilots,
        "problems": problems,
    }
    lines = [str(one["message"]) for one in changes]
    lines += [
        resources.text("cli.policy_problem", row=one["row"], part=one["part"], message=one["message"])
        for one in problems
    ]
    counts: dict[str, Any] = {"new": len(changes), "same": outline.same, "pilots": outline.pilots}
    return Answer(data, [*lines, resources.text("cli.policy_imported", **counts)])


def _pilots(invocation: Invocation) -> Answer:
    items = [
        {name: getattr(one, name) for name in PILOT_COLUMNS} | {"owner": one.owner.name.lower()}
        for one in invocation.services.policies.list_pilots()
    ]
    return Answer({"total": len(items), "items": items}, table(items, PILOT_COLUMNS))


def _import_pilots(invocation: Invocation) -> Answer:
    given, service = invocation.arguments, invocation.services.policies
    found: PilotImport = (
        service.look_at_pilots(given.file) if given.dry_run else service.take_pilots(given.file)
    )
    problems = [describe(error) | {"row": row} for row, error in found.problems]
    data = {
        "rows": found.rows,
        "new": found.new,
        "same": found.same,
        "bad": len(problems),
        "problems": problems,
    }
    lines = [
        resources.text("cli.policy_problem", row=one["row"], part="pilots", message=one["message"])
        for one in problems
    ]
    counts: dict[str, Any] = {"rows": found.rows, "new": found.new, "same": found.same, "bad": len(problems)}
    return Answer(data, [*lines, resources.text("cli.pilots_imported", **counts)])
