"""Workstations of one office and a shelf between them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_app.services.profile import Profile
from tests.factories.offices import OfficeTemplate, TestClock
from tests.factories.workstations import DATA_KEY, migrated_file
from tests.fakes.shelf import MemoryShelf
from tests.sync.running_platform import Running
from tests.sync.sharing.desks import Desk
from tests.sync.sharing.offices import RelayOffice, Sharer
from tests.sync.sharing.profile_desks import ProfileDesk, quick_folder


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open workstations by their numbers; ``template``: the store that one is a copy of."""
    opened: list[Desk] = []

    def make(number: int, template: Path | None = None) -> Desk:
        folder = tmp_path / f"desk{len(opened)}"
        folder.mkdir()
        opened.append(Desk(folder, number, template))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def two(open_desk: Callable[..., Desk]) -> tuple[Desk, Desk]:
    return open_desk(0), open_desk(1)


@pytest.fixture
def office(platform: Running) -> Iterator[RelayOffice]:
    """An office at the running platform's relay, without a store."""
    one = RelayOffice(platform)
    yield one
    one.close()


@pytest.fixture
def pair(office: RelayOffice) -> tuple[Sharer, Sharer]:
    """Two workstations that the relay has let in."""
    first, second = office.workstation(), office.workstation()
    first.exchange()
    second.exchange()
    return first, second


@contextmanager
def copied_stores() -> Iterator[None]:
    """New stores are copies of a migrated one: to migrate each takes a second."""
    clear = Profile._clear_away

    def clear_and_copy(profile: Profile, *, demo: bool) -> None:
        clear(profile, demo=demo)
        shutil.copy(migrated_file(), profile.files.store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Profile, "_clear_away", clear_and_copy)
        patch.setattr("desktop_app.services.profile.new_data_key", lambda: DATA_KEY)
        yield


@pytest.fixture(scope="session")
def founded_office(tmp_path_factory: pytest.TempPathFactory) -> OfficeTemplate:
    """An office that is set up once."""
    with copied_stores():
        return OfficeTemplate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def quick_stores() -> Iterator[None]:
    with copied_stores():
        yield


@pytest.fixture
def place() -> Iterator[Path]:
    """Where the profiles of a test lie."""
    folder = quick_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(place: Path, platform: Running, quick_stores: None) -> Iterator[Callable[[str], ProfileDesk]]:
    """Makes empty desks."""
    desks: list[ProfileDesk] = []

    def make(name: str) -> Desk:
        clock = TestClock()
        clock.moment = platform.clock.now()
        made = ProfileDesk(place / name, platform.url, clock)
        desks.append(made)
        return made

    yield make
    for one in desks:
        one.profile.close()


@pytest.fixture
def first(founded_office: OfficeTemplate, place: Path, desk: Callable[[str], ProfileDesk]) -> ProfileDesk:
    """The office's first workstation."""
    founded_office.copy(place / "first").profile.close()
    return desk("first")
