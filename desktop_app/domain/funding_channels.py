"""资金渠道: which channel pays for whom, on which day, where (五.一, R19); the policy file's map group × date × region.

The map is a family of policy parameters, ``channel:GROUP``, whose value is a code of ``codes/channels``. GROUP is a
人员类别 or a 重点群体; one without a value of its own follows ``channel:key_group``, but for ``other``: 其他重点群体
need a 文号, so a value of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule

FAMILY = "channel"
NONE = "none"
VETERAN = "veteran"
DEPARTMENT_FUNDS = {
    "veterans": "veteran_fund",
    "education": "education_fund",
    "human_resources": "human_resources_fund",
}
"""Department that selected the project (R10) → the channel that pays 退役军人 on it."""


@dataclass(frozen=True, slots=True)
class FundingFacts:
    """What else the channel depends on.

    ``meets_action``: the enrolment meets the 行动's terms (五.一.2). ``selected_by``: the department that has selected
    the project for 退役军人 (``DEPARTMENT_FUNDS``), with its ``document``; None = no 指定 project.
    """

    meets_action: bool = True
    selected_by: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class FundingChannel:
    """The channel (code of ``codes/channels``; ``none`` = 无补贴) and the value of the map that says so."""

    code: str
    parameter: PolicyParameter | None = None
    document: str | None = None

    @property
    def name(self) -> str:
        """Return the channel's name: 教育专项, 专账, 无补贴."""
        return codes.table("channels").name(self.code)


def channel_for(
    group: str,
    on: date,
    region: str | None = None,
    facts: FundingFacts | None = None,
    book: PolicyBook | None = None,
) -> FundingChannel:
    """Return the channel for a funding group (code of ``categories`` or ``key_groups``) on the enrolment date.

    No match, a channel that has ended, or terms that are not met = 无补贴. AppError DEPARTMENT_UNKNOWN.
    """
    facts = facts or FundingFacts()
    book = book or PolicyBook()
    if group == VETERAN and facts.selected_by is not None:
        if facts.selected_by not in DEPARTMENT_FUNDS:
            raise AppError("DEPARTMENT_UNKNOWN", value=facts.selected_by)
        return FundingChannel(DEPARTMENT_FUNDS[facts.selected_by], document=facts.document)
    parameter = book.find(f"{FAMILY}:{group}", on, region=region)
    is_group = group in codes.table("key_groups").by_code and group not in codes.table("categories").by_code
    if parameter is None and is_group:
        parameter = book.find(f"{FAMILY}:key_group", on, region=region)
    if parameter is None or not isinstance(parameter.value, str):
        return FundingChannel(NONE, parameter)
    entry = codes.table("channels").by_code.get(parameter.value)
    ended = entry is not None and not entry.holds_on(on)
    if ended or (parameter.value == "skill_action" and not facts.meets_action):
        return FundingChannel(NONE, parameter)
    return FundingChannel(parameter.value, parameter, parameter.document)


def best_channel(channels: Iterable[FundingChannel]) -> FundingChannel:
    """Return the first channel that pays, of those of the groups that somebody matches; none of them = 无补贴."""
    return next((one for one in channels if one.code != NONE), FundingChannel(NONE))


@rule("R19")
def say_channel(channel: FundingChannel, *, person: str, class_code: str, on: date) -> tuple[Finding, ...]:
    """Say before an enrolment that nobody subsidises it; where a channel pays there is nothing to say."""
    if channel.code != NONE:
        return ()
    error = AppError("FUNDING_NONE", person=person, class_code=class_code, day=on.isoformat())
    return (Finding("R19", Severity.WARN, error, field="key_group"),)
