"""What the twelve workbooks are known to say, counted by hand (requirements §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One class: its workbooks' suffix, code, project by trade, and the counts that must come out.

    ``first_session`` and ``last_session`` are the first and the last date of the timetable, ``attended`` marks
    到, 迟到 and 早退, ``absent_cells`` cells 缺考 of ``absent_people`` people, ``passed`` by 各科 ≥ 60.
    """

    suffix: str
    code: str
    trade: str
    first_session: date
    last_session: date
    people: int
    attended: int
    absent_people: int
    absent_cells: int
    passed: int


SESSIONS = 15
HOURS = 4
CLASSES = (
    ClassFacts(
        suffix="在校学生-新能源汽车",
        code="新能源2020-01班",
        trade="新能源汽车",
        first_session=date(2020, 11, 9),
        last_session=date(2020, 11, 25),
        people=45,
        attended=648,
        absent_people=3,
        absent_cells=4,
        passed=37,
    ),
    ClassFacts(
        suffix="社会重点群体-电工",
        code="电工2020-02班",
        trade="电工",
        first_session=date(2020, 11, 16),
        last_session=date(2020, 12, 2),
        people=50,
        attended=713,
        absent_people=3,
        absent_cells=4,
        passed=41,
    ),
    ClassFacts(
        suffix="企业职工-焊工",
        code="焊工2020-03班",
        trade="焊工",
        first_session=date(2020, 11, 23),
        last_session=date(2020, 12, 9),
        people=48,
        attended=689,
        absent_people=3,
        absent_cells=4,
        passed=42,
    ),
)
BELOW_LIMIT = ("姚佳", "戚晨雨", "秦欣鹏")
NAMESAKES = ("焊工2020-03班", "卢军", 2)
PAST_RETIREMENT = ("万丽", "金俊玲")
