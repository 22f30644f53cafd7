"""考核, 证书 and what follows: the office, a teacher for the own assessment, the 班主任 for services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import gettempdir

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.credit_bank import Bank, Conversion, Deposit
from desktop_app.domain.guidance import Guidance, GuidanceKind, Hire
from desktop_app.domain.ids import numbered
from desktop_app.domain.talent_statistics import Treatment
from desktop_app.domain.users import Role
from desktop_app.services.certificate_steps import Issued
from desktop_app.services.container import Services
from desktop_app.services.exam_steps import Sitting
from tests.factories.offices import TODAY, Office

EXPECTED = {
    "open_exam": "office",
    "schedule_candidates": "office teacher",
    "record_absence": "office teacher",
    "defer_candidate": "office teacher",
    "recall_candidate": "office teacher",
    "disqualify_candidate": "office teacher",
    "open_resit": "office teacher",
    "prepare_certificates": "office",
    "issue_certificate": "office",
    "hand_over_certificate": "office",
    "correct_certificate": "office",
    "reissue_certificate": "office",
    "void_certificate": "office",
    "record_guidance": "office adviser",
    "remove_guidance": "office adviser",
    "record_hire": "office adviser",
    "deposit_certificate": "office",
    "record_conversion": "office",
    "export_credit_bank": "office",
    "record_treatment": "office",
}
NOT_UNDOABLE = {"export_credit_bank"}
NOTHING_THERE = {
    "schedule_candidates": {"WRONG_STEP"},
    "record_absence": {"WRONG_STEP"},
    "defer_candidate": {"WRONG_STEP"},
    "recall_candidate": {"WRONG_STEP"},
    "open_resit": {"RESIT_NOBODY"},
    "hand_over_certificate": {"CERTIFICATE_UNKNOWN"},
    "correct_certificate": {"CERTIFICATE_UNKNOWN"},
    "reissue_certificate": {"CERTIFICATE_UNKNOWN"},
    "void_certificate": {"CERTIFICATE_UNKNOWN"},
    "remove_guidance": {"GUIDANCE_UNKNOWN"},
    "record_hire": {"HIRE_OTHER_ORGANISATION"},
    "deposit_certificate": {"CERTIFICATE_UNKNOWN"},
    "record_conversion": {"CERTIFICATE_UNKNOWN"},
    "export_credit_bank": {"CREDIT_NOTHING"},
    "record_treatment": {"TREATMENT_WITHOUT_CERTIFICATE"},
}
NUMBER, OTHER = "S000042013000204200001", "S000042013000204200002"
LATER = Sitting(date(2020, 11, 20))
SERVICE = Guidance(GuidanceKind.CAREER, TODAY, note="推荐到高新区电气岗位")
HIRE = Hire("东风电气", TODAY, "湖北省电力行业协会")
TREATMENT = Treatment("东风电气", "技能津贴", TODAY)
CONVERSION = Conversion("电工基础", "江城职业学院", TODAY, 20)
TARGET = Path(gettempdir()) / "credit-bank-never-written.xlsx"


def _level(services: Services, office: Office) -> bytes:
    """Return the assessment that the acting role decides on: the level exam, for a teacher the own one."""
    actor = services.context.require_actor()
    if Role.OFFICE not in actor.roles:
        return office.assessment_id
    items = services.assessments.list_assessments(office.class_id)
    return next(item.id for item in items if item.kind == AssessmentKind.LEVEL)


def _level_or_any(services: Services, office: Office) -> bytes:
    return _level(services, office) if services.context.may("view_scores") else office.assessment_id


def _key(office: Office) -> bytes:
    return numbered(office.assessment_id + office.people[0], 1)


ATTEMPTS = {
    "open_exam": lambda s, o: s.exams.open_exam(o.other_class_id, LATER, "湖北省电力行业协会"),
    "schedule_candidates": lambda s, o: s.exams.schedule(_level_or_any(s, o), LATER, o.people[:1]),
    "record_absence": lambda s, o: s.exams.record_absence(_level_or_any(s, o), o.people[0], TODAY),
    "defer_candidate": lambda s, o: s.exams.defer(_level_or_any(s, o), o.people[0], TODAY, "住院"),
    "recall_candidate": lambda s, o: s.exams.recall(_level_or_any(s, o), o.people[0], TODAY, "已到考"),
    "disqualify_candidate": lambda s, o: s.exams.disqualify(_level_or_any(s, o), o.people[0], TODAY, "替考"),
    "open_resit": lambda s, o: s.exams.open_resit(_level_or_any(s, o), LATER, "未通过"),
    "prepare_certificates": lambda s, o: s.certificate_steps.prepare(o.class_id),
    "issue_certificate": lambda s, o: s.certificate_steps.issue(
        o.class_id, o.people[0], Issued(NUMBER, TODAY)
    ),
    "hand_over_certificate": lambda s, o: s.certificate_steps.hand_over(_key(o), TODAY),
    "correct_certificate": lambda s, o: s.certificate_steps.correct(_key(o), Issued(OTHER, TODAY), "错字"),
    "reissue_certificate": lambda s, o: s.certificate_steps.reissue(_key(o), Issued(NUMBER, TODAY), "遗失"),
    "void_certificate": lambda s, o: s.certificate_steps.void(_key(o), "冒领"),
    "record_guidance": lambda s, o: s.guidance.record(o.class_id, o.people[0], SERVICE),
    "remove_guidance": lambda s, o: s.guidance.remove(b"\3" * 16, "填错了"),
    "record_hire": lambda s, o: s.guidance.record_hire(o.class_id, o.people[0], HIRE),
    "deposit_certificate": lambda s, o: s.credit_bank.deposit(
        o.class_id, o.people[0], Deposit(Bank.HUBEI, "HB001", TODAY)
    ),
    "record_conversion": lambda s, o: s.credit_bank.convert(o.class_id, o.people[0], CONVERSION),
    "export_credit_bank": lambda s, o: s.credit_bank.export(Bank.HUBEI, TARGET),
    "record_treatment": lambda s, o: s.talent.record(o.people[0], TREATMENT),
}
Act = Callable[[], object]


def _opened(services: Services, office: Office) -> bytes:
    """Return a level exam with one person registered."""
    services.trainees.enrol(office.other_class_id, office.people[:1], "key_group")
    return services.exams.open_exam(office.other_class_id, LATER, "湖北省电力行业协会")


def _issued(services: Services, office: Office) -> bytes:
    return services.certificate_steps.issue(office.class_id, office.people[0], Issued(NUMBER, TODAY))


def _schedule(services: Services, office: Office) -> Act:
    exam = _opened(services, office)
    return lambda: services.exams.schedule(exam, LATER)


def _miss(services: Services, office: Office) -> Act:
    exam = _opened(services, office)
    return lambda: services.exams.record_absence(exam, office.people[0], TODAY)


def _defer(services: Services, office: Office) -> Act:
    exam = _opened(services, office)
    return lambda: services.exams.defer(exam, office.people[0], TODAY, "住院")


def _recall(services: Services, office: Office) -> Act:
    exam = _opened(services, office)
    services.exams.record_absence(exam, office.people[0], TODAY)
    return lambda: services.exams.recall(exam, office.people[0], TODAY, "已到考")


def _resit(services: Services, office: Office) -> Act:
    exam = _opened(services, office)
    services.exams.record_absence(exam, office.people[0], TODAY)
    return lambda: services.exams.open_resit(exam, LATER, "缺考")


def _hand_over(services: Services, office: Office) -> Act:
    key = _issued(services, office)
    return lambda: services.certificate_steps.hand_over(key, TODAY, "范父")


def _correct(services: Services, office: Office) -> Act:
    key = _issued(services, office)
    return lambda: services.certificate_steps.correct(key, Issued(OTHER, TODAY), "姓名错字")


def _reissue(services: Services, office: Office) -> Act:
    key = _issued(services, office)
    return lambda: services.certificate_steps.reissue(key, Issued(NUMBER, TODAY), "遗失")


def _void(services: Services, office: Office) -> Act:
    key = _issued(services, office)
    return lambda: services.certificate_steps.void(key, "冒领")


def _remove(services: Services, office: Office) -> Act:
    key = services.guidance.record(office.class_id, office.people[0], SERVICE)
    return lambda: services.guidance.remove(key, "填错了")


def _hire(services: Services, office: Office) -> Act:
    services.classes.edit_class(office.class_id, {"organisation": "湖北省电力行业协会"})
    return lambda: services.guidance.record_hire(office.class_id, office.people[0], HIRE)


def _deposit(services: Services, office: Office) -> Act:
    _issued(services, office)
    return lambda: ATTEMPTS["deposit_certificate"](services, office)


def _convert(services: Services, office: Office) -> Act:
    _issued(services, office)
    return lambda: ATTEMPTS["record_conversion"](services, office)


def _treat(services: Services, office: Office) -> Act:
    _issued(services, office)
    return lambda: ATTEMPTS["record_treatment"](services, office)


PREPARED = {
    "schedule_candidates": _schedule,
    "record_absence": _miss,
    "defer_candidate": _defer,
    "recall_candidate": _recall,
    "open_resit": _resit,
    "hand_over_certificate": _hand_over,
    "correct_certificate": _correct,
    "reissue_certificate": _reissue,
    "void_certificate": _void,
    "remove_guidance": _remove,
    "record_hire": _hire,
    "deposit_certificate": _deposit,
    "record_conversion": _convert,
    "record_treatment": _treat,
}
