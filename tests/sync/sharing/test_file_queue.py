"""Evidence files between workstations: behind the entries, fetched when they are opened, resumed, never another one."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import select, update

from desktop_app import bootstrap
from desktop_app.domain.users import Role
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.shared_files import SharedFiles
from sync.contract.relay_files import FilePart, FilesRequest, FileState, file_address, open_file, seal_file
from sync.contract.wire import PART_BYTES
from sync.platform.database import reading, writing
from sync.platform.schema import relay_file
from sync.sharing.file_queue import FileQueue
from sync.sharing.file_shelves import FolderFiles
from tests.factories.offices import PASSWORD
from tests.factories.pictures import jpeg
from tests.sync.sharing.profile_desks import ProfileDesk, code_of

BIG = b"%PDF-1.4 " + bytes(range(256)) * 2600  # three parts


@pytest.fixture
def second(first, desk) -> ProfileDesk:
    """Another workstation of the office."""
    made = desk("second")
    made.join(first.invite().code)
    first.share()
    return made


def add(desk: ProfileDesk, text: str = "范雨") -> tuple[bytes, bytes]:
    """Add the scan of an identity card; return the key of its record and its hash."""
    desk.log_in("office")
    services = desk.services
    with services.context.read() as sql:
        person = sql.exec_driver_sql("SELECT min(id) FROM trainee").scalar_one()
    key = services.evidence.add(Owner("trainee", person), Paper("id_card"), jpeg(text), f"{text}.jpg")
    (item,) = [item for item in services.evidence.of_trainee(person) if item.id == key]
    return key, item.digest


def office_of(desk: ProfileDesk):
    return bootstrap.sharing(desk.services)


def opened(desk: ProfileDesk, key: bytes) -> bytes:
    desk.services.accounts.reset_password("office", PASSWORD)
    desk.log_in("office")
    return desk.services.evidence.open(key).content


def test_a_colleague_opens_a_file_that_comes_by_the_relay_then(first, second):
    key, digest = add(first)
    shared = office_of(first).share()
    assert (shared.files_sent, shared.files_left) == (2, 0)  # with that of the results of the assessment
    office_of(second).share()
    assert digest in second.services.shared_files.missing()
    assert second.services.evidence.lost() == []  # it never came, so nothing is wrong here
    assert opened(second, key) == first.services.shared_files.read(digest)
    assert digest in second.services.shared_files.here()
    second.services.evidence.files.path(digest).write_bytes(b"damaged")
    assert second.services.evidence.lost() == [key]


def test_a_file_comes_by_a_folder_as_well(first, second, tmp_path):
    _, digest = add(first)
    assert office_of(first).share(tmp_path).files_sent == 2
    office_of(second).share(tmp_path)
    found = office_of(second).fetch_files(tmp_path)
    assert found == SharedFiles(fetched=2)
    assert second.services.shared_files.read(digest) == first.services.shared_files.read(digest)


@pytest.mark.parametrize("with_files", [True, False])
def test_a_stick_carries_files_or_leaves_them(first, second, tmp_path, with_files):
    add(first)
    office_of(first).export_file(tmp_path / "stick", with_files=with_files)
    office_of(second).import_file(tmp_path / "stick")
    assert len(second.services.shared_files.missing()) == (0 if with_files else 2)


def test_what_lies_on_the_relay_says_nothing_and_is_sent_once(first, second, platform):
    _, digest = add(first)
    office_of(first).share()
    with reading(platform.engine) as connection:
        rows = connection.execute(select(relay_file)).all()
    assert len(rows) == 2
    assert digest not in {row.address for row in rows}
    assert all(b"JFIF" not in row.body for row in rows)
    first.again()
    first.log_in()
    assert office_of(first).share().files_sent == 0
    office_of(second).share()
    office_of(second).fetch_files()
    assert office_of(second).share().files_sent == 0


def test_an_altered_file_is_refused_dropped_and_sent_again(first, second, platform):
    key, digest = add(first)
    office_of(first).share()
    office_of(second).share()
    with writing(platform.engine) as connection:
        connection.execute(update(relay_file).values(body=b"x" * 40, length=40, size=40))
    fetch = office_of(second).fetch_file
    assert code_of(lambda: fetch(digest)) == "EVIDENCE_ALTERED"
    assert digest in second.services.shared_files.missing()
    assert code_of(lambda: fetch(digest)) == "EVIDENCE_NOT_ARRIVED"
    first.again()
    first.log_in()
    assert office_of(first).share().files_sent == 1
    assert opened(second, key) == first.services.shared_files.read(digest)


class _BreaksOff(Exception):
    """The process ends here."""


class _Shelf:
    """A shelf of files that ends the process at a request of some number, before or after it took effect."""

    def __init__(self, shelf: FolderFiles, at: int, *, done: bool) -> None:
        self.shelf = shelf.shelf
        self._inner = shelf
        self._left = at
        self._done = done
        self.moved = 0

    def files(self, request, cancel):
        self._left -= 1
        if self._left == 0 and not self._done:
            raise _BreaksOff
        answer = self._inner.files(request, cancel)
        self.moved += len(request.put.body) if request.put else 0
        self.moved += len(answer.part.body) if answer.part else 0
        if self._left == 0:
            raise _BreaksOff
        return answer


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("at", [2, 3, 4])
def test_what_is_broken_off_in_mid_file_goes_on_within_a_part(first, tmp_path, at, done):
    first.invite()
    files = first.services.shared_files
    digest = files.keep(BIG)
    files.here = lambda: [digest]
    shelf = FolderFiles(tmp_path, bytes(16), first.device)
    sealed = len(BIG) + 16
    broken = _Shelf(shelf, at, done=done)
    with suppress(_BreaksOff):
        FileQueue(files).send(broken)
    after = _Shelf(shelf, 0, done=False)
    assert FileQueue(files).send(after).left == 0
    assert broken.moved + after.moved <= sealed + PART_BYTES
    first.services.evidence.files.drop([digest])
    broken = _Shelf(shelf, at - 1, done=done)
    with suppress(_BreaksOff):
        FileQueue(files).fetch(broken, digest)
    after = _Shelf(shelf, 0, done=False)
    FileQueue(files).fetch(after, digest)
    assert files.read(digest) == BIG
    assert broken.moved + after.moved <= sealed + PART_BYTES
    assert files.begun(file_address(files.newest_keys()[0], digest)) == 0


def test_bytes_of_a_former_try_that_suffered_are_fetched_anew(first, tmp_path):
    files = first.services.shared_files
    first.invite()
    digest = files.keep(BIG)
    files.here = lambda: [digest]
    shelf = FolderFiles(tmp_path, bytes(16), first.device)
    FileQueue(files).send(shelf)
    first.services.evidence.files.drop([digest])
    files.go_on(file_address(files.newest_keys()[0], digest), b"\0" * 1000)
    FileQueue(files).fetch(shelf, digest)
    assert files.read(digest) == BIG


def test_parts_are_taken_in_order_only_and_once(pair, office):
    first, second = pair
    sealed = seal_file(first.key, file_address(first.key, bytes(32)), b"x" * 100)
    address = file_address(first.key, bytes(32))

    def put(sharer, start, stop):
        part = FilePart(address, len(sealed), start, sealed[start:stop])
        return sharer.transport.files(FilesRequest(put=part)).put

    assert put(first, 50, 70) == FileState(0, 0)
    assert put(first, 0, 50) == FileState(50, len(sealed))
    assert put(second, 0, 50) == FileState(50, len(sealed))
    assert put(second, 50, len(sealed)).is_whole
    assert put(first, 50, len(sealed)).is_whole
    wrong = FilePart(address, len(sealed) + 1, len(sealed), b"y")
    assert code_of(lambda: first.transport.files(FilesRequest(put=wrong))) == "REQUEST_MALFORMED"


def test_only_the_content_of_its_address_opens(pair):
    key = pair[0].key
    address = file_address(key, bytes(32))
    assert (
        code_of(lambda: open_file(key, address, seal_file(key, address, b"another file")))
        == "EVIDENCE_ALTERED"
    )
    assert code_of(lambda: open_file(bytes(32), address, b"short")) == "EVIDENCE_ALTERED"


def test_who_may_not_open_evidence_fetches_none(first, second):
    key, digest = add(first)
    office_of(first).share()
    office_of(second).share()
    second.services.accounts.add_user("guest", "来访", [Role.TEACHER], PASSWORD)
    second.log_in("guest")
    assert code_of(lambda: second.services.evidence.open(key)) in {"NOT_PERMITTED", "NOT_YOUR_CLASS"}
    assert digest in second.services.shared_files.missing()
