"""Every page of the product in the order of the navigation, with the roles that it is open to.

Pages are named here and imported when they are made, or before that by ``load_home`` and ``load_pages``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.domain.policy import COMMANDS, VIEWS
from ui.navigation import PageContext, PageRegistry, PageSpec

HOME = "dashboard"
SYNC_PAGE = "sync_center"
PAGES = {
    "dashboard": ("ui.pages.dashboard.page", "DashboardPage"),
    "trainees": ("ui.pages.trainees.page", "TraineesPage"),
    "willingness": ("ui.pages.willingness.page", "WillingnessPage"),
    "projects": ("ui.pages.projects.page", "ProjectsPage"),
    "classes": ("ui.pages.classes.list_page", "ClassesPage"),
    "class": ("ui.pages.classes.class_page", "ClassPage"),
    "teachers": ("ui.pages.teachers.page", "TeachersPage"),
    "talent": ("ui.pages.talent.page", "TalentPage"),
    "supervision": ("ui.pages.supervision.page", "SupervisionPage"),
    "claims": ("ui.pages.claims.page", "ClaimsPage"),
    "statistics": ("ui.pages.statistics.page", "StatisticsPage"),
    "performance": ("ui.pages.performance.page", "PerformancePage"),
    "retention": ("ui.pages.retention.page", "RetentionPage"),
    "imports": ("ui.pages.imports.page", "ImportsPage"),
    "forms": ("ui.pages.forms.page", "ForeignFormsPage"),
    "evidence_import": ("ui.pages.evidence.import_page", "EvidenceImportPage"),
    "sync_center": ("ui.pages.sync_center.page", "SyncCenterPage"),
    "sharing": ("ui.pages.sync_center.sharing_page", "SharingPage"),
    "policy": ("ui.pages.policy.page", "PolicyPage"),
    "users": ("ui.pages.users.page", "UsersPage"),
    "journal": ("ui.pages.journal.page", "JournalPage"),
    "settings": ("ui.pages.settings.page", "SettingsPage"),
}
"""Module and class of each page."""
CLASS_TABS = {
    "attendance": ("ui.pages.attendance.tab", "AttendanceTab"),
    "inspections": ("ui.pages.inspections.tab", "InspectionsTab"),
    "scores": ("ui.pages.scores.tab", "ScoresTab"),
    "guidance": ("ui.pages.guidance.tab", "GuidanceTab"),
    "claims": ("ui.pages.claims.tab", "ClaimsTab"),
    "employment": ("ui.pages.employment.tab", "EmploymentTab"),
    "evidence": ("ui.pages.evidence.tab", "EvidenceTab"),
}
"""Tabs of the class page that other packages make: module and class."""


def load_home() -> None:
    """Import the frame and the page that it opens first."""
    for name in ("ui.frame_source", "ui.main_window", PAGES[HOME][0]):
        import_module(name)


def load_pages(gives_way: Callable[[], bool] = lambda: False) -> bool:
    """Import the frame and every page, the first one first; return whether all of them are here.

    ``gives_way`` is asked before each: once it is true, what is left has time.
    """
    load_home()
    for module, _name in (*PAGES.values(), *CLASS_TABS.values()):
        if gives_way():
            return False
        import_module(module)
    return True


def made_later(module: str, name: str) -> Callable[..., Any]:
    """Return a factory that imports its class when it is called."""

    def make(*given: Any) -> Any:  # noqa: ANN401 - what the class takes and is
        return getattr(import_module(module), name)(*given)

    return make


def roles_of(view: str) -> frozenset[str]:
    """Return the codes of the roles that see a view."""
    return frozenset(role.value for role in VIEWS[view])


def runners_of(command: str) -> frozenset[str]:
    """Return the codes of the roles that run a command."""
    return frozenset(role.value for role in COMMANDS[command])


def importers() -> frozenset[str]:
    """Return the codes of the roles that may import something."""
    own = [COMMANDS[code] for code in COMMANDS if code.startswith("import_") or code == "enter_scores"]
    return frozenset(role.value for roles in own for role in roles)


def page_registry() -> PageRegistry:
    """Return all pages."""
    make = {key: made_later(*place) for key, place in PAGES.items()}
    return PageRegistry(
        [
            PageSpec("dashboard", "page.dashboard", "home", roles_of("view_classes"), make["dashboard"], "work"),
            PageSpec("trainees", "page.trainees", "users", roles_of("view_trainees"), make["trainees"], "work"),
            PageSpec("willingness", "page.willingness", "user-check", roles_of("view_willingness"), make["willingness"],
                     "work"),
            PageSpec("projects", "page.projects", "package", roles_of("view_projects"), make["projects"], "work"),
            PageSpec("classes", "page.classes", "graduation-cap", roles_of("view_classes"), make["classes"], "work"),
            PageSpec("class", "page.class", "book-open", roles_of("view_classes"), class_page, listed=False,
                     under="classes"),
            PageSpec("teachers", "page.teachers", "presentation", roles_of("view_teachers"), make["teachers"], "work"),
            PageSpec("talent", "page.talent", "award", roles_of("view_talent"), make["talent"], "work"),
            PageSpec("supervision", "page.supervision", "alert-triangle", roles_of("view_risks"), make["supervision"],
                     "work"),
            PageSpec("claims", "page.claims", "file-spreadsheet", roles_of("view_claims"), make["claims"], "work"),
            PageSpec("statistics", "page.statistics", "columns-3", roles_of("view_statistics"), make["statistics"],
                     "work"),
            PageSpec("performance", "page.performance", "file-spreadsheet", roles_of("view_performance"),
                     make["performance"], "work"),
            PageSpec("imports", "page.imports", "import", importers(), make["imports"], "work"),
            PageSpec("forms", "page.forms", "file-spreadsheet", runners_of("learn_form"), make["forms"], listed=False,
                     under="imports"),
            PageSpec("evidence_import", "page.evidence_import", "import", runners_of("import_evidence"),
                     make["evidence_import"], listed=False, under="classes"),
            PageSpec("sync_center", "page.sync_center", "send", roles_of("view_reports"), make["sync_center"], "work"),
            PageSpec("sharing", "page.sharing", "refresh-cw", roles_of("view_work_list"), make["sharing"], listed=False,
                     under="sync_center"),
            PageSpec("policy", "page.policy", "shield", roles_of("view_policy"), make["policy"], "office"),
            PageSpec("retention", "page.retention", "trash-2", roles_of("view_retention"), make["retention"], "office"),
            PageSpec("users", "page.users", "user-cog", roles_of("view_users"), make["users"], "office"),
            PageSpec("journal", "page.journal", "history", roles_of("view_journal"), make["journal"], "office"),
            PageSpec("settings", "page.settings", "settings", frozenset(), make["settings"], "office"),
        ]
    )  # fmt: skip


def class_page(context: PageContext) -> QWidget:
    """Return the page of one class with the tabs that other packages make."""
    tabs = {key: made_later(*place) for key, place in CLASS_TABS.items()}
    made: QWidget = made_later(*PAGES["class"])(context, tabs)
    return made
