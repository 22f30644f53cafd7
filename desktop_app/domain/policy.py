"""Who may do what: one table, role × command, for services and for judging foreign entries.

Requirements §1. *Own* limits (a teacher's own sessions and scores, an adviser's assigned classes) are decided by
the service on top of this table.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.users import Role

O, A, T, H, M, U = Role.OFFICE, Role.ADVISER, Role.TEACHER, Role.HEAD, Role.ADMIN, Role.AUDITOR
EVERYONE = frozenset(Role)
MARKERS = frozenset({O, A, T})

COMMANDS: dict[str, frozenset[Role]] = {
    # accounts and devices
    "add_user": frozenset({M}),
    "change_roles": frozenset({M}),
    "disable_user": frozenset({M}),
    "change_password": EVERYONE,
    "unlock_user": frozenset({M}),
    # people and classes
    "add_teacher": frozenset({O}),
    "edit_teacher": frozenset({O}),
    "link_teacher": frozenset({M}),
    "create_class": frozenset({O}),
    "edit_class": frozenset({O}),
    "add_session": frozenset({O}),
    "edit_session": frozenset({O}),
    "import_timetable": frozenset({O}),
    "create_trainee": frozenset({O}),
    "edit_trainee": frozenset({O}),
    "enrol_trainee": frozenset({O}),
    "import_roster": frozenset({O}),
    "reveal_personal": frozenset({O, A}),
    # attendance
    "mark_one": MARKERS,
    "mark_class": MARKERS,
    "import_attendance": MARKERS,
    "mark_from_sheet": MARKERS,
    # results
    "create_assessment": frozenset({O, T}),
    "enter_scores": frozenset({T}),
    "lock_scores": frozenset({T}),
    "unlock_scores": frozenset({M}),
    "import_scores": frozenset({O}),
    "import_certificates": frozenset({O}),
    "edit_certificate": frozenset({O}),
    # reporting
    "join_platform": frozenset({M}),
    "seal_batch": frozenset({M}),
    "dissolve_batch": frozenset({M}),
    "push_batch": frozenset({M}),
    "pull": EVERYONE,
    # going back
    "undo": frozenset({O, A, T, M}),
    "redo": frozenset({O, A, T, M}),
    "answer_conflict": frozenset({O, A, T}),
}

VIEWS: dict[str, frozenset[Role]] = {
    "view_trainees": frozenset({O, A, T, H, M}),
    "view_classes": EVERYONE,
    "view_projects": EVERYONE,
    "view_teachers": frozenset({O, A, T, H, M}),
    "view_attendance": frozenset({O, A, T, H, M}),
    "view_scores": frozenset({O, A, T, H, M}),
    "view_certificates": frozenset({O, A, H, M}),
    "view_reports": frozenset({O, H, M}),
    "view_users": frozenset({M}),
    "view_journal": frozenset({H, M, U}),
    "make_paper": frozenset({O, A, T, H, M}),
    "export_unmasked": frozenset({O, M}),
}

# The schedule and the platform's pages act under the device key, with no user.
DEVICE_COMMANDS = frozenset({"platform", "init_institution", "pull"})


def allows(roles: Iterable[Role], code: str) -> bool:
    """Tell whether any of the roles may run a command or see a view."""
    allowed = COMMANDS.get(code) or VIEWS.get(code) or frozenset()
    return not allowed.isdisjoint(roles)
