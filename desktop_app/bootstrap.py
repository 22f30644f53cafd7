"""Composition root: it alone sees everything, and hands on only what is asked for."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import Profile
from sync.reporting import projection
from sync.reporting.engine import ReportingEngine


def open_profile(folder: Path) -> Profile:
    """Open and lock a profile; AppError PROFILE_IN_USE, PROFILE_FOLDER_UNUSABLE."""
    return Profile(folder)


def services(profile: Profile) -> Services:
    """Return the services of a profile that is open; what receipts bring follows in the same transaction."""
    assert profile.context is not None
    projections = profile.context.workstation.before_commit
    if projection.follow_command not in projections:
        projections.append(projection.follow_command)
    return build_services(profile, ReportingEngine)


def open_window(folder: Path) -> int:
    """Show the window on a profile folder; return the exit status. Qt is loaded here and nowhere before."""
    return int(import_module("ui.app").run(folder, open_profile, services))


def draw_window(profile: Profile, login: str, password: str, folder: Path, pages: Collection[str]) -> int:
    """Draw every page that a user sees, or only some, into a folder; return the number of pictures."""
    return int(import_module("ui.screenshots").draw(profile, services, login, password, folder, pages))
