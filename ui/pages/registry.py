"""Every page of the product in the order of the navigation, with the roles that it is open to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.domain.policy import COMMANDS, VIEWS
from ui.navigation import PageContext, PageRegistry, PageSpec
from ui.pages.attendance.tab import AttendanceTab
from ui.pages.classes.class_page import ClassPage, TabFactory
from ui.pages.classes.list_page import ClassesPage
from ui.pages.dashboard.page import DashboardPage
from ui.pages.imports.page import ImportsPage
from ui.pages.journal.page import JournalPage
from ui.pages.projects.page import ProjectsPage
from ui.pages.scores.tab import ScoresTab
from ui.pages.settings.page import SettingsPage
from ui.pages.sync_center.page import SyncCenterPage
from ui.pages.teachers.page import TeachersPage
from ui.pages.trainees.page import TraineesPage
from ui.pages.users.page import UsersPage

HOME = "dashboard"
SYNC_PAGE = "sync_center"
CLASS_TABS: dict[str, TabFactory] = {"attendance": AttendanceTab, "scores": ScoresTab}


def roles_of(view: str) -> frozenset[str]:
    """Return the codes of the roles that see a view."""
    return frozenset(role.value for role in VIEWS[view])


def importers() -> frozenset[str]:
    """Return the codes of the roles that may import something."""
    own = [COMMANDS[code] for code in COMMANDS if code.startswith("import_") or code == "enter_scores"]
    return frozenset(role.value for roles in own for role in roles)


def page_registry() -> PageRegistry:
    """Return all pages."""
    return PageRegistry(
        [
            PageSpec("dashboard", "page.dashboard", "home", roles_of("view_classes"), DashboardPage, "work"),
            PageSpec("trainees", "page.trainees", "users", roles_of("view_trainees"), TraineesPage, "work"),
            PageSpec("projects", "page.projects", "package", roles_of("view_projects"), ProjectsPage, "work"),
            PageSpec("classes", "page.classes", "graduation-cap", roles_of("view_classes"), ClassesPage, "work"),
            PageSpec("class", "page.class", "book-open", roles_of("view_classes"), class_page, listed=False,
                     under="classes"),
            PageSpec("teachers", "page.teachers", "presentation", roles_of("view_teachers"), TeachersPage, "work"),
            PageSpec("imports", "page.imports", "import", importers(), ImportsPage, "work"),
            PageSpec("sync_center", "page.sync_center", "send", roles_of("view_reports"), SyncCenterPage, "work"),
            PageSpec("users", "page.users", "user-cog", roles_of("view_users"), UsersPage, "office"),
            PageSpec("journal", "page.journal", "history", roles_of("view_journal"), JournalPage, "office"),
            PageSpec("settings", "page.settings", "settings", frozenset(), SettingsPage, "office"),
        ]
    )  # fmt: skip


def class_page(context: PageContext) -> QWidget:
    """Return the page of one class with the tabs that other packages make."""
    return ClassPage(context, CLASS_TABS)
