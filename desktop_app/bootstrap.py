"""Composition root: it alone sees everything, and hands on only what is asked for.

Everything is imported when it is asked for: the login is painted before anything of the store is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.services.container import Services
    from desktop_app.services.devices import Joining, Membership
    from desktop_app.services.profile import Profile
    from desktop_app.services.sharing import Sharing
    from sync.scheduler import Scheduler


def open_profile(folder: Path) -> Profile:
    """Open and lock a profile; AppError PROFILE_IN_USE, PROFILE_FOLDER_UNUSABLE."""
    from desktop_app.services.profile import Profile  # noqa: PLC0415 - the store, after the first paint

    return Profile(folder)


def services(profile: Profile) -> Services:
    """Return the services of a profile that is open; what receipts bring follows in the same transaction."""
    from desktop_app.services.container import build_services  # noqa: PLC0415 - as above
    from sync.reporting import projection  # noqa: PLC0415
    from sync.reporting.engine import ReportingEngine  # noqa: PLC0415
    from sync.reporting.platform_reader import read_signed  # noqa: PLC0415

    assert profile.context is not None
    workstation = profile.context.workstation
    workstation.platform_reader = read_signed
    if projection.follow_command not in workstation.before_commit:
        workstation.before_commit.append(projection.follow_command)
        workstation.after_receiving.append(projection.follow_received)
        workstation.derivations.append(projection.DERIVATION)
    late = {"exchange": _exchange, "membership": _membership, "schedule": _schedule}
    made = build_services(
        profile, lambda batches: ReportingEngine(batches, read_evidence=_reader(profile)), late
    )
    profile.context.fetch_file = partial(_fetch_file, made)
    return made


def _fetch_file(services: Services, digest: bytes) -> None:
    services.exchange.fetch_file(digest)  # the HTTP library, when it is needed


def _membership(services: Services) -> Membership:
    from sync.sharing.engine import SharingEngine  # noqa: PLC0415 - the HTTP library, when it is needed
    from sync.sharing.inviting import Inviting  # noqa: PLC0415
    from sync.sharing.rotations import RotationTaker  # noqa: PLC0415

    sharing, devices = services.sharing, services.devices
    engine = SharingEngine(sharing, RotationTaker(sharing, devices))
    return Inviting(sharing, devices, services.accounts, engine)


def _exchange(services: Services) -> Sharing:
    from sync.sharing.office import OfficeSharing  # noqa: PLC0415 - when it is needed

    return OfficeSharing(services.sharing, services.devices, files=services.shared_files)


def _schedule(services: Services) -> Scheduler:
    from sync.scheduler import Scheduler, office_plan  # noqa: PLC0415 - only a window has a schedule

    made = Scheduler(
        lambda: office_plan(services.sharing_plan.plan(), lambda: services.exchange, services.reporting),
        services.context.now,
    )
    services.context.listeners.append(made.note_changes)
    return made


def membership(services: Services) -> Membership:
    """Return what invites and revokes workstations, in the acting user's name."""
    return services.membership


def sharing(services: Services) -> Sharing:
    """Return what exchanges entries with the other workstations."""
    return services.exchange


def joining(profile: Profile) -> Joining:
    """Return what makes a profile in which nothing is yet a workstation."""
    from sync.sharing.joining import InvitedProfile  # noqa: PLC0415 - as above

    return InvitedProfile(profile, services)


def _reader(profile: Profile) -> Callable[[bytes], bytes]:
    def read(digest: bytes) -> bytes:
        files = import_module("desktop_app.store.evidence_files")
        content: bytes = files.EvidenceFiles(profile.files, profile.data_key).get(digest)
        return content

    return read


def load_services(*, everything: bool = True) -> None:
    """Import what a login and the first screen need, and with ``everything`` all services: nobody waits later."""
    container = import_module("desktop_app.services.container")
    container.load_services(container.FIRST)
    import_module("sync.reporting.engine")
    if everything:
        container.load_services()


def open_window(folder: Path) -> int:
    """Show the window on a profile folder; return the exit status. Qt is loaded here and nowhere before."""
    return int(import_module("ui.app").run(folder, open_profile, services, load_services, joining))


def draw_window(profile: Profile, login: str, password: str, folder: Path, pages: Collection[str]) -> int:
    """Draw every page that a user sees, or only some, into a folder; return the number of pictures."""
    return int(import_module("ui.screenshots").draw(profile, services, login, password, folder, pages))
