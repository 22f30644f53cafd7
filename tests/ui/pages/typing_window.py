"""The real window in a process of its own, in which somebody types and saves nothing, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from tests.ui.pages.sample_profile import CHEAP, PASSWORD
from tests.ui.pages.user import type_into
from ui.app import App, Screens, create_application
from ui.late_profile import LateProfile
from ui.pages.registry import HOME, page_registry
from ui.preferences import Preferences
from ui.session import Entrance


def main(folder: Path, login: str, ethnicity: str) -> None:
    """Log in, open the first person of the list, type what they are, say so, and work on."""
    application = create_application([], own_font=True)
    entrance = Entrance(LateProfile(folder, lambda path: Profile(path, cost=CHEAP), build_services))
    app = App(
        application, Screens(entrance.screen, page_registry(), HOME), Preferences(folder / "window.ini")
    )

    def when(ready, act):
        """Ask again and again until it is so."""

        def look():
            if ready():
                act()
            else:
                QTimer.singleShot(20, look)

        look()

    def log_in():
        type_into(app.login.user, login)
        type_into(app.login.password, PASSWORD)
        app.login.sign_in()
        when(lambda: app.window is not None, open_people)

    def open_people():
        app.window.navigate("trainees")
        page = app.window.page_widget("trainees")
        when(lambda: app.tasks.is_idle() and page.model.rowCount() > 0, lambda: open_person(page))

    def open_person(page):
        page.open_person(page.context.services.trainees.list_trainees(limit=1)[0].id)
        when(app.tasks.is_idle, lambda: type_ethnicity(page))

    def type_ethnicity(page):
        type_into(page.panel._content.form.fields["ethnicity"], ethnicity)
        sys.stdout.write("typed\n")
        sys.stdout.flush()

    app.show_login()
    QTimer.singleShot(0, log_in)
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
