"""Files of evidence on the disk: encrypted, kept once, named by nothing, told when lost."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.store.evidence_files import KEPT_UNNAMED, EvidenceFiles
from desktop_app.store.profile_files import ProfileFiles

KEY = bytes(range(32))
NOW = datetime(2020, 11, 10, tzinfo=UTC)
SCAN = b"scan of a paper " * 400


@pytest.fixture
def files(tmp_path):
    return EvidenceFiles(ProfileFiles(tmp_path), KEY)


def everything(tmp_path):
    return sorted(path for path in (tmp_path / "evidence").rglob("*") if path.is_file())


def age(path, days):
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_a_file_comes_back_and_is_kept_once(files, tmp_path):
    digest = files.put(SCAN)
    assert files.put(SCAN) == digest
    assert files.get(digest) == SCAN
    (path,) = everything(tmp_path)
    assert b"scan" not in path.read_bytes()
    assert digest.hex() not in str(path)


def test_another_data_key_neither_finds_nor_opens_it(files, tmp_path):
    digest = files.put(SCAN)
    other = EvidenceFiles(ProfileFiles(tmp_path), bytes(32))
    assert list(other.lost([digest])) == [digest]
    other.path(digest).parent.mkdir(exist_ok=True)
    files.path(digest).replace(other.path(digest))
    assert list(other.lost([digest])) == [digest]


@pytest.mark.parametrize("cut", [0, 5, 18, 60, 100, -1])
def test_a_file_that_is_cut_or_changed_is_lost_and_put_heals_it(files, cut):
    digest = files.put(SCAN)
    path = files.path(digest)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut] if cut >= 0 else whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(AppError) as refused:
        files.get(digest)
    assert refused.value.code == "EVIDENCE_LOST"
    files.put(SCAN)
    assert files.get(digest) == SCAN


def test_a_file_in_another_ones_place_is_lost(files):
    first, second = files.put(SCAN), files.put(b"another")
    files.path(first).write_bytes(files.path(second).read_bytes())
    assert list(files.lost([first, second])) == [first]


def test_what_no_record_names_goes_after_its_time_and_nothing_else(files, tmp_path):
    named, young, old = files.put(SCAN), files.put(b"young"), files.put(b"old")
    unfinished = files.path(named).with_name(files.path(named).name + ".new")
    unfinished.write_bytes(b"half")
    foreign = tmp_path / "evidence" / files.path(named).parent.name / "readme.txt"
    foreign.write_text("no file of ours")
    for path in everything(tmp_path):
        age(path, KEPT_UNNAMED.days + 1)
    age(files.path(young), KEPT_UNNAMED.days - 1)
    assert files.clear_unnamed([named], NOW) == 2
    assert everything(tmp_path) == sorted([files.path(named), files.path(young), foreign])
    assert list(files.lost([old])) == [old]


def test_a_copy_beside_a_backup_brings_back_what_was_lost(files, tmp_path):
    first, second = files.put(SCAN), files.put(b"second")
    assert files.copy_to(tmp_path / "usb", [first, second]) == (2, 0)
    assert files.copy_to(tmp_path / "usb", [first, second]) == (0, 0)
    files.path(first).unlink()
    files.path(second).write_bytes(b"damaged")
    assert files.copy_from(tmp_path / "usb", [first, second]) == (2, 0)
    assert (files.get(first), files.get(second)) == (SCAN, b"second")
    files.path(first).unlink()
    assert files.copy_from(tmp_path / "empty", [first, second]) == (0, 1)
