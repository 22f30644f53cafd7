"""Drafts on the disk: encrypted, of one user, gone when they are answered."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.services.drafts import Draft, DraftBox, DraftService
from desktop_app.services.profile import Profile
from desktop_app.store.draft_files import DraftFile, path_of
from tests.factories.offices import PASSWORD

PHONE = "13871234567"
DRAFT = Draft(
    "trainees", {"key": "ab"}, "王建国", 1, {"phone": PHONE}, datetime(2020, 11, 23, 8, 20, tzinfo=UTC)
)


@pytest.fixture
def boxes(office):
    """Return the drafts of a user of the office by login name."""
    profile: Profile = office.profile

    def of(login: str) -> DraftBox:
        profile.log_in(login, PASSWORD)
        return DraftService(profile).box()

    of.profile = profile
    return of


def file_of(boxes):
    return path_of(boxes.profile.files, boxes.profile.context.require_actor().user.id)


def test_a_draft_comes_back_to_its_user_and_to_nobody_else(boxes):
    boxes("office").keep([DRAFT])
    assert boxes("adviser").read() == []
    assert boxes("office").read() == [DRAFT]


def test_the_newest_draft_comes_first(boxes):
    older = Draft("classes", {}, "电工", 2, {}, datetime(2020, 11, 22, tzinfo=UTC))
    boxes("office").keep([older, DRAFT])
    assert boxes("office").read() == [DRAFT, older]


def test_a_new_draft_gets_the_instant_and_keeps_it(boxes):
    box = boxes("office")
    (kept,) = box.keep([replace(DRAFT, kept_at=None)])
    assert kept.kept_at is not None
    assert box.keep([kept]) == box.read() == [kept]


def test_nothing_typed_can_be_read_from_the_file(boxes):
    boxes("office").keep([DRAFT])
    whole = file_of(boxes).read_bytes()
    for text in (PHONE, "王建国", "trainees", "phone"):
        assert text.encode() not in whole


def test_the_same_draft_is_never_written_as_the_same_bytes(boxes):
    box = boxes("office")
    box.keep([DRAFT])
    before = file_of(boxes).read_bytes()
    box.keep([DRAFT])
    assert file_of(boxes).read_bytes() != before
    assert len(file_of(boxes).read_bytes()) == len(before)


def test_a_file_moved_to_another_user_does_not_open(boxes):
    boxes("office").keep([DRAFT])
    theirs = file_of(boxes)
    box = boxes("adviser")
    shutil.copy(theirs, file_of(boxes))
    assert box.read() == []


@pytest.mark.parametrize("length", [0, 5, 40, 100, -1])
def test_a_file_cut_short_is_as_none(boxes, length):
    box = boxes("office")
    box.keep([DRAFT])
    file = file_of(boxes)
    file.write_bytes(file.read_bytes()[:length])
    assert box.read() == []


def test_any_flipped_bit_is_noticed(boxes):
    box = boxes("office")
    box.keep([DRAFT])
    file = file_of(boxes)
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert box.read() == []


def test_keeping_none_leaves_no_file(boxes):
    box = boxes("office")
    box.keep([DRAFT])
    assert file_of(boxes).exists()
    box.keep([])
    assert not file_of(boxes).exists()
    box.keep([])


def test_what_another_version_wrote_is_left_out_and_the_rest_comes_back(boxes):
    box = boxes("office")
    box.keep([DRAFT])
    actor = boxes.profile.context.require_actor()
    file = DraftFile(boxes.profile.files, actor.user.id, boxes.profile.data_key)
    written = file.read()
    file.write(written[:-1] + b', {"page": "later"}]')
    assert box.read() == [DRAFT]


def test_a_folder_that_takes_no_file_is_told_by_its_code(boxes):
    box = boxes("office")
    (boxes.profile.files.folder / "drafts").write_text("a file where a folder should be")
    with pytest.raises(AppError) as told:
        box.keep([DRAFT])
    assert told.value.code in {"STORE_READ_ONLY", "FILE_NOT_WRITABLE"}


def test_nobody_has_drafts_before_a_login(boxes):
    boxes("office")
    boxes.profile.log_out()
    with pytest.raises(AppError) as told:
        DraftService(boxes.profile).box()
    assert told.value.code == "LOGIN_REQUIRED"
