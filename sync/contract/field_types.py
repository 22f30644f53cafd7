"""Types of the fields of records: length, range, pattern and code list of each, said once.

Dates are ISO text, times ``HH:MM``, hours 课时, scores tenths of a point, money 分.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_:.-]{0,39}$")]
Text20 = Annotated[str, Meta(min_length=1, max_length=20)]
Text50 = Annotated[str, Meta(min_length=1, max_length=50)]
Text100 = Annotated[str, Meta(min_length=1, max_length=100)]
Text200 = Annotated[str, Meta(min_length=1, max_length=200)]
Text500 = Annotated[str, Meta(min_length=1, max_length=500)]
Region = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Hours = Annotated[int, Meta(ge=1, le=2000)]
SessionHours = Annotated[int, Meta(ge=1, le=24)]
LostHours = Annotated[int, Meta(ge=0, le=24)]
People = Annotated[int, Meta(ge=1, le=10_000)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
AttendedHours = Annotated[int, Meta(ge=0, le=2000)]
FileCount = Annotated[int, Meta(ge=0, le=1000)]
Number = Annotated[int, Meta(ge=1, le=100_000)]
Tenths = Annotated[int, Meta(ge=0, le=10_000)]
FullMark = Annotated[int, Meta(ge=1, le=10_000)]
Weight = Annotated[int, Meta(ge=0, le=100)]
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Audiences = Annotated[
    str, Meta(pattern=r"^(student|key_group|employee|other)(,(student|key_group|employee|other))*$")
]
Uscc = Annotated[str, Meta(pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$")]

Sex = Literal["0", "1", "2", "9"]
Category = Literal["student", "key_group", "employee", "other"]
SessionMode = Literal["offline", "online", "mixed"]
MarkStatus = Literal["present", "late", "early", "leave", "absent"]
LeaveReason = Literal["sick", "personal", "official", "other"]
AssessmentKind = Literal["level", "completion", "process"]
AssessmentRule = Literal["each", "weighted", "both"]
Component = Literal["theory", "practice", "review", "process"]
ScoreState = Literal["scored", "absent", "deferred", "violation"]
Conclusion = Literal["passed", "failed", "none"]
Quality = Literal["dual", "model_worker", "craftsman", "enterprise", "high_skill"]
Employment = Literal["full_time", "part_time"]
EnrolmentState = Literal["attending", "withdrawn", "transferred"]
FinishOutcome = Literal["completed", "not_completed", "withdrawn", "transferred"]
CertificateKind = Literal["level", "one_x", "qualification", "completion", "special_operation"]
ProjectTrack = Literal["education", "labour"]
DepartmentLevel = Literal["county", "city", "province"]
InstitutionAffiliation = Literal["county", "city", "province", "ministry"]
ProjectAnswer = Literal["passed", "return", "refuse", "forward"]
EmploymentStatus = Literal["employed", "startup", "flexible", "unemployed", "study", "army", "lost"]
EmploymentVoucher = Literal["contract", "insurance", "licence", "statement", "flexible", "notice"]
SupervisionKind = Literal["order", "cut", "disqualify", "close", "clear_flag", "confirm_flag"]
InstitutionKind = Literal[
    "public-vocational", "private-vocational", "technician", "training-centre", "enterprise"
]

Period = tuple[date, date | None]
Scheme = tuple[Component, FullMark, Tenths, Weight]
OpeningTeacher = tuple[Text50, Employment | None, Annotated[list[Quality], Meta(max_length=5)]]
ScoreEntry = tuple[ScoreState, Tenths | None]
