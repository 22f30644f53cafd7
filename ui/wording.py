"""How dates, codes and commands read on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from desktop_app.domain import codes
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.codes import Education
from desktop_app.domain.identity import document_type_name
from desktop_app.domain.users import Role
from ui.i18n import has_text, tr

NOTHING = "—"


def day_text(day: date | None, *, weekday: bool = True) -> str:
    """Return 2020-11-05 周四; — where there is no date."""
    if day is None:
        return NOTHING
    return f"{day.isoformat()} {tr(f'weekday.{day.isoweekday()}')}" if weekday else day.isoformat()


def span_text(first: date | None, last: date | None) -> str:
    """Return 2020-11-05 至 11-20 (the year twice only where it differs)."""
    if first is None and last is None:
        return NOTHING
    if first is None or last is None or first == last:
        return day_text(first or last, weekday=False)
    end = last.isoformat() if last.year != first.year else f"{last:%m-%d}"
    return tr("wording.span", first=first.isoformat(), last=end)


def moment_text(moment: datetime) -> str:
    """Return an instant as 2020-11-05 10:42 in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def clock_text(moment: datetime) -> str:
    """Return the time of an instant as 10:42 in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def sex_text(code: str | None) -> str:
    """Return 男 or 女, "" where it is not known."""
    return codes.sex_name(code) if code else ""


def category_text(code: str | None) -> str:
    """Return the 人员类别, "" where there is none."""
    return codes.category_name(code) if code else ""


def group_text(code: str | None) -> str:
    """Return the 重点群体, "" where there is none."""
    return codes.group_name(code) if code else ""


def education_text(code: str | None, studying: bool) -> str:
    """Return 大专 or 大专在读, "" where it is not known."""
    return codes.education_name(Education(code, studying)) if code else ""


def trade_text(trade: str | None, level: str | None) -> str:
    """Return 电工 四级/中级工, — where neither is known; ``level`` is a code or the platform's own word."""
    found = " ".join(part for part in (trade, codes.level_name(level) if level else None) if part)
    return found or NOTHING


def document_type_text(code: str) -> str:
    """Return 居民身份证 for resident_id."""
    return document_type_name(code)


def age_text(birth: date | None, today: date) -> str:
    """Return the full years on ``today``, "" where the birth date is not known."""
    if birth is None:
        return ""
    return str(today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)))


def role_text(role: Role) -> str:
    """Return 培训办, 班主任, 教师, 负责人, 管理员 or 审计员."""
    return tr(f"role.{role.value}")


def roles_text(roles: Iterable[Role]) -> str:
    """Return the roles with a 、 between, in the order of the requirements."""
    chosen = frozenset(roles)
    return tr("wording.and").join(role_text(role) for role in Role if role in chosen)


def command_text(command: str) -> str:
    """Return the label of a command's code; an unknown one is its own label."""
    key = f"command.{command}"
    return tr(key) if has_text(key) else command


def step_text(command: str, subject: str) -> str:
    """Return the name of a step to undo or redo, e.g. 全班到课（焊工2020-03班 第5课次）."""
    return (
        tr("wording.step", command=command_text(command), subject=subject_text(subject))
        if subject
        else command_text(command)
    )


def subject_text(subject: str) -> str:
    """Return what a command was about, with #5 as 第5课次."""
    parts = (
        tr("wording.session", number=part[1:]) if _is_number(part) else part for part in subject.split(" ")
    )
    return " ".join(parts)


def _is_number(part: str) -> bool:
    return part.startswith("#") and part[1:].isdecimal()
