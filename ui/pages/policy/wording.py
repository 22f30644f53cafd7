"""Words of policy parameters: the value with its unit, where it holds, who set it, how it stands."""

from __future__ import annotations

from desktop_app.domain import codes
from desktop_app.domain.listings.policies import PolicyImport, ValueState
from desktop_app.domain.policy_changes import Effect
from desktop_app.domain.policy_definitions import Definition, family_of, plain_text
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.regions import region_name
from ui.i18n import has_text, tr
from ui.messages import describe
from ui.wording import NOTHING

SHOWN = 60


def value_text(value: PolicyParameter, text: str) -> str:
    """Return the value with its unit: 50 人, 80 %, 教育专项; a structured one in short."""
    if family_of(value.code) == "standard" and isinstance(value.value, dict):
        return tr("policy.standard_value", hours=value.value["hours"], topics=len(value.value["content"]))
    if family_of(value.code) == "holidays" and isinstance(value.value, dict):
        off = sum(len(days) for days in value.value["off"].values())
        return tr("policy.holidays_value", off=off, work=len(value.value["work"]))
    if isinstance(value.value, list):
        return tr("policy.table_value", rows=len(value.value))
    choice = f"policy.choice.{value.value}"
    if isinstance(value.value, str) and has_text(choice):
        return tr(choice)
    unit = f"policy.unit.{value.unit}"
    if value.value is None or not has_text(unit):
        return text
    return tr(unit, value=text)


def binding_text(value: PolicyParameter) -> str:
    """Return 约束 or 参考."""
    return tr("policy.binds") if value.blocks else tr("policy.advises")


def place_text(value: PolicyParameter) -> str:
    """Return where and for which channel a value holds: 全省, 武汉市 · 专账."""
    where = tr("policy.everywhere") if value.region is None else region_name(value.region)
    return where if value.channel is None else f"{where} · {codes.table('channels').name(value.channel)}"


def span_text(value: PolicyParameter) -> str:
    """Return the days that a value holds: 2021-01-01 起, 2021-01-01 至 2021-12-31."""
    if value.since is None:
        return NOTHING
    if value.until is None:
        return tr("policy.from", day=value.since.isoformat())
    return tr("policy.from_until", day=value.since.isoformat(), until=value.until.isoformat())


def owner_text(value: PolicyParameter) -> str:
    """Return 平台, 本机构 or 随软件."""
    return tr(f"policy.owner.{value.owner.name.lower()}")


def state_text(state: ValueState) -> str:
    """Return 现行, 未生效 …"""
    return tr(f"policy.state.{state.value}")


def effect_text(effect: Effect, name: str, before: str, after: str) -> str:
    """Return the sentence that says what a value will change."""
    return tr(
        f"policy.effect.{effect.value}", parameter=name, before=before or NOTHING, after=after or NOTHING
    )


def short_text(defined: Definition, value: PolicyParameter | None) -> str:
    """Return a value for a sentence, "" where there is none."""
    return "" if value is None else value_text(value, plain_text(defined, value.value))


def import_lines(outline: PolicyImport) -> tuple[list[str], list[str]]:
    """Return what an import would change, and what is wrong with the file, line by line."""
    changes = [
        effect_text(one.effect, one.parameter.name, one.before[:SHOWN], one.after[:SHOWN])
        for one in outline.changes
    ]
    wrong = [
        tr("policy.problem", part=tr(f"policy.part.{part}"), row=row, message=describe(error).text)
        for part, row, error in outline.problems
    ]
    return changes, wrong
