"""Who may do what: one table, role × command, for services and for judging foreign entries.

Requirements §1. *Own* limits (a teacher's own sessions and scores, an adviser's assigned classes) are decided by
the service on top of this table.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.users import Role

F, A, T, H, M, U = Role.OFFICE, Role.ADVISER, Role.TEACHER, Role.HEAD, Role.ADMIN, Role.AUDITOR
EVERYONE = frozenset(Role)
MARKERS = frozenset({F, A, T})

COMMANDS: dict[str, frozenset[Role]] = {
    # accounts and devices
    "add_user": frozenset({M}),
    "change_roles": frozenset({M}),
    "disable_user": frozenset({M}),
    "change_password": EVERYONE,
    "unlock_user": frozenset({M}),
    # projects
    "set_affiliation": frozenset({M}),
    "create_project": frozenset({F}),
    "edit_project": frozenset({F}),
    "submit_project": frozenset({F}),
    "withdraw_project": frozenset({F}),
    "new_project_version": frozenset({F}),
    "select_project": frozenset({F}),
    "begin_year": frozenset({F}),
    # policy
    "set_policy_value": frozenset({M}),
    "withdraw_policy_value": frozenset({M}),
    "take_policy_file": frozenset({M}),
    "take_pilots": frozenset({M}),
    # people and classes
    "add_teacher": frozenset({F}),
    "edit_teacher": frozenset({F}),
    "link_teacher": frozenset({M}),
    "add_site": frozenset({F}),
    "edit_site": frozenset({F}),
    "create_class": frozenset({F}),
    "edit_class": frozenset({F}),
    "prepare_opening": frozenset({F}),
    "file_class": frozenset({F}),
    "open_class": frozenset({F}),
    "suspend_class": frozenset({F}),
    "resume_class": frozenset({F}),
    "extend_class": frozenset({F}),
    "cancel_class": frozenset({F}),
    "finish_class": frozenset({F}),
    "assess_class": frozenset({F}),
    "complete_class": frozenset({F}),
    "archive_class": frozenset({F}),
    "reopen_class": frozenset({F}),
    "join_session": frozenset({F}),
    "move_people": frozenset({F}),
    "add_session": frozenset({F}),
    "edit_session": frozenset({F}),
    "reschedule_session": frozenset({F}),
    "substitute_teacher": frozenset({F}),
    "call_off_session": frozenset({F}),
    "reinstate_session": frozenset({F}),
    "make_up_session": frozenset({F}),
    "describe_online": frozenset({F}),
    "record_inspection": frozenset({F, A}),
    "remove_inspection": frozenset({F}),
    "import_timetable": frozenset({F}),
    "create_trainee": frozenset({F}),
    "edit_trainee": frozenset({F}),
    "enrol_trainee": frozenset({F}),
    "apply_enrolment": frozenset({F}),
    "admit_trainee": frozenset({F}),
    "waitlist_trainee": frozenset({F}),
    "reject_trainee": frozenset({F}),
    "begin_enrolment": frozenset({F}),
    "withdraw_trainee": frozenset({F}),
    "transfer_trainee": frozenset({F}),
    "return_trainee": frozenset({F}),
    "complete_enrolment": frozenset({F}),
    "fail_enrolment": frozenset({F}),
    "reopen_enrolment": frozenset({F}),
    "set_circumstances": frozenset({F}),
    "choose_group": frozenset({F}),
    "record_consent": frozenset({F}),
    "record_willingness": frozenset({F}),
    "match_willingness": frozenset({F}),
    "close_willingness": frozenset({F}),
    "correct_identity": frozenset({F}),
    "import_roster": frozenset({F}),
    "reveal_personal": frozenset({F, A}),
    "export_unmasked": frozenset({F, M}),
    # attendance
    "mark_one": MARKERS,
    "mark_class": MARKERS,
    "mark_from_sheet": MARKERS,
    "import_attendance": MARKERS,
    # evidence
    "add_evidence": frozenset({F, A}),
    "import_evidence": frozenset({F, A}),
    "open_evidence": frozenset({F, A, H}),
    "review_evidence": frozenset({F, H}),
    "edit_evidence": frozenset({F, A}),
    "remove_evidence": frozenset({F, A}),
    # results
    "create_assessment": frozenset({F, T}),
    "enter_scores": frozenset({T}),
    "lock_scores": frozenset({T}),
    "unlock_scores": frozenset({M}),
    "import_scores": frozenset({F}),
    "import_certificates": frozenset({F}),
    "import_employment": frozenset({F, A}),
    "edit_certificate": frozenset({F}),
    "open_exam": frozenset({F}),
    "schedule_candidates": frozenset({F, T}),
    "record_absence": frozenset({F, T}),
    "defer_candidate": frozenset({F, T}),
    "recall_candidate": frozenset({F, T}),
    "disqualify_candidate": frozenset({F, T}),
    "open_resit": frozenset({F, T}),
    "prepare_certificates": frozenset({F}),
    "issue_certificate": frozenset({F}),
    "hand_over_certificate": frozenset({F}),
    "correct_certificate": frozenset({F}),
    "reissue_certificate": frozenset({F}),
    "void_certificate": frozenset({F}),
    # after the training
    "record_guidance": frozenset({F, A}),
    "remove_guidance": frozenset({F, A}),
    "record_hire": frozenset({F, A}),
    "deposit_certificate": frozenset({F}),
    "record_conversion": frozenset({F}),
    "export_credit_bank": frozenset({F}),
    "record_treatment": frozenset({F}),
    # money and figures
    "add_income": frozenset({F}),
    "add_cost": frozenset({F}),
    "remove_ledger_line": frozenset({F}),
    "set_performance_ratio": frozenset({F}),
    "record_pool_approval": frozenset({F}),
    "allocate_performance": frozenset({F}),
    "send_figures": frozenset({F}),
    # keeping and erasing
    "propose_deletions": frozenset({F, M}),
    "confirm_deletion": frozenset({H}),
    "keep_person": frozenset({H}),
    "export_person": frozenset({F}),
    "record_follow_up": frozenset({F, A}),
    "remove_follow_up": frozenset({F, A}),
    # supervision and risk
    "dispose_hint": frozenset({F}),
    "dispose_block": frozenset({H, U}),
    "reply_to_order": frozenset({F}),
    # subsidies
    "draft_claim": frozenset({F}),
    "add_to_claim": frozenset({F}),
    "remove_from_claim": frozenset({F}),
    "set_claim_payee": frozenset({F}),
    "set_claim_account": frozenset({F}),
    "send_claim_to_review": frozenset({F}),
    "approve_claim": frozenset({H}),
    "return_claim": frozenset({H}),
    "publish_claim": frozenset({F}),
    "object_to_claim": frozenset({F, H}),
    "answer_objection": frozenset({H}),
    "submit_claim": frozenset({F}),
    "withdraw_claim": frozenset({F, H}),
    "record_claim_return": frozenset({F}),
    "charge_student": frozenset({F}),
    "book_student_cost": frozenset({F}),
    # reporting
    "join_platform": frozenset({M}),
    "confirm_platform": frozenset({M}),
    "seal_batch": frozenset({M}),
    "dissolve_batch": frozenset({M}),
    "push_batch": frozenset({M}),
    "pull": EVERYONE,
    "set_review": frozenset({M}),
    "review_report": frozenset({H}),
    # keeping safe
    "backup": frozenset({M}),
    # going back
    "undo": frozenset({F, A, T, M}),
    "redo": frozenset({F, A, T, M}),
    "answer_conflict": frozenset({F, A, T, M}),
}

VIEWS: dict[str, frozenset[Role]] = {
    "view_trainees": frozenset({F, A, T, H, M}),
    "view_willingness": frozenset({F, H, M}),
    "view_classes": EVERYONE,
    "view_projects": EVERYONE,
    "view_teachers": frozenset({F, A, T, H, M}),
    "view_inspections": frozenset({F, A, H, M, U}),
    "view_attendance": frozenset({F, A, T, H, M}),
    "view_evidence": frozenset({F, A, H, M}),
    "view_scores": frozenset({F, A, T, H, M}),
    "view_certificates": frozenset({F, A, H, M}),
    "view_guidance": frozenset({F, A, H, M}),
    "view_credit_bank": frozenset({F, H, M}),
    "view_employment": frozenset({F, A, H, M}),
    "view_risks": frozenset({F, H, M, U}),
    "view_supervision": frozenset({F, H, M, U}),
    "view_talent": frozenset({F, H, M, U}),
    "view_claims": frozenset({F, H, M}),
    "view_statistics": frozenset({F, H, M, U}),
    "view_performance": frozenset({F, H, M, U}),
    "view_monday": frozenset({F, H, M}),
    "view_retention": frozenset({F, H, M, U}),
    "view_reports": frozenset({F, H, M}),
    "view_users": frozenset({M}),
    "view_journal": frozenset({H, M, U}),
    "view_policy": frozenset({F, H, M, U}),
    "make_paper": frozenset({F, A, T, H, M}),
}

# The schedule and the platform's pages act under the device key, with no user.
DEVICE_COMMANDS = frozenset({"platform", "init_institution", "pull", "replay_erasures"})


def allows(roles: Iterable[Role], code: str) -> bool:
    """Tell whether any of the roles may run a command or see a view."""
    allowed = COMMANDS.get(code) or VIEWS.get(code) or frozenset()
    return not allowed.isdisjoint(roles)
