"""Contents of papers built from the sample workbooks, as realistic as the people in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import openpyxl

from desktop_app.domain.papers import (
    AdmissionTickets,
    Attendance,
    AttendanceLine,
    AttendanceSession,
    CertificateLine,
    CertificateRegister,
    ChangeLine,
    CompletionLine,
    CompletionRegister,
    ComponentScore,
    Departure,
    DepartureSlips,
    ExamPerson,
    ExamSignIn,
    ExamSitting,
    MarkSign,
    OpeningApplication,
    PaperHead,
    Roster,
    RosterLine,
    ScoreLine,
    ScoreRegister,
    SignIn,
    SignInPerson,
    SignInSheet,
    TalentLine,
    TalentTable,
    Timetable,
    TimetableChanges,
    TimetableLine,
)
from desktop_app.domain.papers.registrations import RegisteredPerson, Registrations
from desktop_app.domain.papers.signed import Agreements, Commitments, Signer

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"
WELDERS, STUDENTS, ELECTRICIANS = "企业职工-焊工", "在校学生-新能源汽车", "社会重点群体-电工"
ORGANISATION = "湖北省机械行业职业技能评价中心"
_PROJECTS = {
    WELDERS: ("焊工2020-03班", "企业职工焊工技能提升", "焊工", "五级/初级工"),
    STUDENTS: ("新能源2020-01班", "1+X智能新能源汽车", "汽车维修工", "1+X 中级"),
    ELECTRICIANS: ("电工2020-02班", "重点群体电工职业技能培训", "电工", "五级/初级工"),
}
_SIGNS = {sign.value: sign for sign in MarkSign if sign.value}


@cache
def rows(kind: str, trade: str) -> list[dict[str, object]]:
    """Rows of a sample workbook, heading → value."""
    sheet = openpyxl.load_workbook(WORKBOOKS / f"{kind}-{trade}.xlsx").active
    assert sheet is not None
    table = list(sheet.iter_rows(min_row=3, values_only=True))
    heads = [str(head) for head in table[0]]
    return [dict(zip(heads, row, strict=True)) for row in table[1:] if isinstance(row[0], int)]


def head(trade: str = WELDERS, **changes: object) -> PaperHead:
    code, project, occupation, level = _PROJECTS[trade]
    first, *_, last = timetable_lines(trade)
    values: dict[str, object] = {
        "institution": "湖北江城职业技术学院",
        "class_code": code,
        "project": project,
        "occupation": occupation,
        "level": level,
        "starts_on": first.date,
        "ends_on": last.date,
        "paper_number": "JCXY-2020-0012",
        "data_time": datetime(2020, 12, 9, 10, 30, tzinfo=UTC),
    }
    return PaperHead(**(values | changes))  # type: ignore[arg-type]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def roster(trade: str = WELDERS, **changes: object) -> Roster:
    lines = []
    for row in rows("花名册", trade):
        document = _text(row["公民身份号码"])
        employed = row["人员类别"] == "企业在岗职工"
        student = row["人员类别"] == "在校学生"
        evidence = _text(row["佐证材料/工作单位"])
        lines.append(
            RosterLine(
                number=int(str(row["序号"])),
                name=_text(row["姓名"]),
                document_number=document,
                sex=_text(row["性别"]),
                ethnicity=_text(row["民族"]),
                age=2020 - int(document[6:10]),
                education=_text(row["文化程度"]),
                category=_text(row["人员类别"]),
                key_group=_text(row["重点群体类型"]),
                student_number=_text(row["学号"]),
                major=_text(row["专业/岗位"]) if student else "",
                employer=evidence if employed else "",
                post="" if student else _text(row["专业/岗位"]),
                household="湖北省武汉市",
                phone=_text(row["联系电话"]),
                evidence="" if employed else evidence,
                address=_text(row["家庭住址"]),
            )
        )
    return Roster(head(trade, **changes), tuple(lines))


def timetable_lines(trade: str) -> tuple[TimetableLine, ...]:
    return tuple(
        TimetableLine(
            number=int(str(row["序号"])),
            date=date.fromisoformat(str(row["日期"])[:10]),
            start=_text(row["开始时间"]),
            end=_text(row["结束时间"]),
            hours=int(str(row["课时"])),
            content=_text(row["授课内容"]),
            mode=_text(row["授课方式"]),
            place=_text(row["地点"]),
            teacher=_text(row["授课教师"]),
        )
        for row in rows("课程表", trade)
    )


def changes(trade: str = WELDERS, **others: object) -> TimetableChanges:
    moved = ChangeLine(
        3, "调课", "日期 2020-11-11；地点 实训楼B203", "日期 2020-11-16；地点 实训楼B204",
        "实训室检修", "王培训", "2020-11-10 09:30",
    )  # fmt: skip
    return TimetableChanges(head(trade, **others), (moved,))


def timetable(trade: str = WELDERS, **changes: object) -> Timetable:
    lines = timetable_lines(trade)
    return Timetable(head(trade, **changes), lines, sum(line.hours for line in lines))


def attendance(trade: str = WELDERS, **changes: object) -> Attendance:
    table = rows("考勤表", trade)
    plan = timetable_lines(trade)
    days = [key for key in table[0] if key[:2].isdigit()]
    lines = []
    for row in table:
        marks = tuple(_SIGNS[str(row[day])] for day in days)
        came = sum(mark in {MarkSign.PRESENT, MarkSign.LATE, MarkSign.EARLY} for mark in marks)
        lines.append(
            AttendanceLine(
                number=int(str(row["序号"])),
                name=_text(row["姓名"]),
                marks=marks,
                due=len(marks),
                attended=came,
                rate_permille=came * 1000 // len(marks),
                document_number=_text(row["身份证号"]),
            )
        )
    sessions = []
    for index, session in enumerate(plan):
        column = [line.marks[index] for line in lines]
        came = sum(mark in {MarkSign.PRESENT, MarkSign.LATE, MarkSign.EARLY} for mark in column)
        sessions.append(
            AttendanceSession(session.number, session.date, session.start, session.hours, len(lines), came)
        )
    return Attendance(head(trade, **changes), tuple(sessions), tuple(lines))


def sign_in(trade: str = WELDERS, sessions: int = 2, **changes: object) -> SignIn:
    people = tuple(
        SignInPerson(int(str(row["序号"])), _text(row["姓名"]), _text(row["公民身份号码"]))
        for row in rows("花名册", trade)
    )
    sheets = tuple(SignInSheet(session, people) for session in timetable_lines(trade)[:sessions])
    return SignIn(head(trade, **changes), sheets)


def _component(value: object) -> ComponentScore:
    if value == "缺考":
        return ComponentScore(state="absent")
    return ComponentScore(tenths=round(float(str(value)) * 10))


def scores(trade: str = WELDERS, **changes: object) -> ScoreRegister:
    lines = []
    for row in rows("成绩", trade):
        theory, practice = _component(row["理论"]), _component(row["实操"])
        results = [theory.tenths, practice.tenths]
        passed = all(result is not None and result >= 600 for result in results)
        known = [result for result in results if result is not None]
        lines.append(
            ScoreLine(
                number=int(str(row["序号"])),
                name=_text(row["姓名"]),
                ticket=_text(row["准考证号"]),
                theory=theory,
                practice=practice,
                total=sum(known) // 2 if len(known) == 2 else None,
                conclusion="passed" if passed else "failed",
                exam_date=date(2020, 12, 12),
                organisation=ORGANISATION,
                document_number=_text(row["身份证号"]),
            )
        )
    return ScoreRegister(head(trade, **changes), tuple(lines))


def certificates(trade: str = WELDERS, **changes: object) -> CertificateRegister:
    _, _, occupation, level = _PROJECTS[trade]
    documents = {row["姓名"]: str(row["公民身份号码"]) for row in rows("花名册", trade)}
    passed = [line for line in scores(trade).lines if line.conclusion == "passed"]
    return CertificateRegister(
        head(trade, **changes),
        tuple(
            CertificateLine(
                number=number,
                name=line.name,
                document_number=f"{documents[line.name][:4]}************{documents[line.name][-2:]}",
                occupation=occupation,
                level=level,
                certificate_number=f"Y0042010000012055{number:05d}",
                issued_on=date(2020, 12, 25),
            )
            for number, line in enumerate(passed, start=1)
        ),
    )


def _sitting(trade: str) -> tuple[ExamSitting, tuple[ExamPerson, ...]]:
    people = tuple(
        ExamPerson(line.number, line.name, masked(line.document_number), line.ticket, "理论、实操")
        for line in scores(trade).lines
    )
    return ExamSitting(date(2020, 12, 12), "09:00", "实训楼 B101", ORGANISATION), people


def masked(document: str) -> str:
    return f"{document[:4]}************{document[-2:]}"


def tickets(trade: str = WELDERS, **changes: object) -> AdmissionTickets:
    return AdmissionTickets(head(trade, **changes), *_sitting(trade))


def exam_sign_in(trade: str = WELDERS, **changes: object) -> ExamSignIn:
    return ExamSignIn(head(trade, **changes), *_sitting(trade))


def completion(trade: str = WELDERS, **changes: object) -> CompletionRegister:
    certified = {line.name: line.certificate_number for line in certificates(trade).lines}
    lines = tuple(
        CompletionLine(
            number=line.number,
            name=line.name,
            document_number=masked(line.document_number),
            outcome="completed" if line.conclusion == "passed" else "not_completed",
            planned_hours=60,
            attended_hours=56,
            rate_permille=933,
            conclusion=line.conclusion,
            certificate_number=certified.get(line.name, ""),
        )
        for line in scores(trade).lines
    )
    passed = sum(line.conclusion == "passed" for line in lines)
    return CompletionRegister(head(trade, **changes), date(2020, 12, 20), lines, passed, passed)


def talent(trade: str = WELDERS, **changes: object) -> TalentTable:
    _, _, occupation, level = _PROJECTS[trade]
    people = len(certificates(trade).lines)
    lines = (
        TalentLine("等级", level, people),
        TalentLine("职业（工种）", occupation, people),
        TalentLine("地区", "江夏区", people),
    )
    return TalentTable(head(trade, **changes), date(2020, 12, 31), people, people + 1, 2, lines)


def opening(trade: str = WELDERS, **changes: object) -> OpeningApplication:
    return OpeningApplication(
        head(trade, **changes),
        people=len(rows("花名册", trade)),
        hours=60,
        place="光谷校区、实训楼B203",
        in_charge="周建平",
        contact="李敏",
        phone="027-87654321",
        organisation="湖北楚才职业技能评价中心",
        channel="企业自筹",
        enterprise="武汉长江电气有限公司",
        local_pool=True,
        teachers=(("陈志强", "专职、双师型"), ("罗国庆", "兼职、能工巧匠、企业技术人才")),
        filed_on=date(2020, 11, 2),
        receipt="武人社开班〔2020〕118号",
    )


def departures(trade: str = WELDERS, **changes: object) -> DepartureSlips:
    people = roster(trade).lines[:2]
    return DepartureSlips(
        head(trade, **changes),
        (
            Departure(1, people[0].name, "420111********286X", date(2020, 11, 20), 12, "家中有事"),
            Departure(
                2, people[1].name, "420111********2861", date(2020, 11, 23), 20, "工种不合适", "电工2020-02班"
            ),
        ),
    )


def agreements(trade: str = WELDERS, **changes: object) -> Agreements:
    lines = roster(trade).lines[:2]
    people = tuple(Signer(one.number, one.name, one.document_number, one.phone) for one in lines)
    return Agreements(head(trade, **changes), people, 60, "实训楼", "湖北楚才职业技能评价中心", "免费")


def commitments(trade: str = WELDERS, **changes: object) -> Commitments:
    same = agreements(trade, **changes)
    return Commitments(same.head, same.people, 60, "实训楼")


def registrations(trade: str = WELDERS, **changes: object) -> Registrations:
    return Registrations(
        head(trade, **changes), tuple(RegisteredPerson(line) for line in roster(trade).lines)
    )


ALL = {
    "agreement": agreements,
    "commitment": commitments,
    "opening": opening,
    "departures": departures,
    "roster": roster,
    "registration": registrations,
    "timetable": timetable,
    "changes": changes,
    "sign-in": sign_in,
    "attendance": attendance,
    "tickets": tickets,
    "exam-sign-in": exam_sign_in,
    "scores": scores,
    "certificates": certificates,
    "completion": completion,
    "talent": talent,
}
